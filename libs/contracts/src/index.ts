export { clipHeardSchema } from './hearing.ts';
export type { ClipHeard } from './hearing.ts';
export { clipSightingsSchema, sightingSchema } from './sighting.ts';
export type { ClipSightings, Sighting } from './sighting.ts';
export { competitionClasses } from './classes.ts';
export {
  audioMetadataSchema,
  clipFaults,
  clipFaultSchema,
  clipMetadataSchema,
  clipOutcomeSchema,
  clipStatusSchema,
} from './clip.ts';
export type { AudioMetadata, ClipFault, ClipMetadata, ClipOutcome, ClipStatus } from './clip.ts';
export type { Conformance } from './conformance.ts';
export { PrimatrixError, UsageError } from './errors.ts';
export type { ErrorFields } from './errors.ts';
export { hasMediaName, isLitter } from './media-names.ts';
export { deadLetterReasons, deadLetterSchema, fileRefSchema, messageSchema, producerSchema } from './message.ts';
export type { DeadLetter, DeadLetterReason, FileRef, Message, Producer } from './message.ts';
export { jsonOf } from './json-of.ts';
export { nearestName } from './nearest-name.ts';
export { parsedJson } from './parsed-json.ts';
export { profiles } from './profile.ts';
export type { Profile } from './profile.ts';
export { noSettings, parseSettings, SettingsError } from './settings.ts';
export {
  deadLetterSubject,
  everyDeadLetter,
  everySubject,
  familyKinds,
  familyPattern,
  filterOf,
  messageEvents,
  parseSubject,
  progressSubject,
  releaseOf,
  releasePattern,
  stages,
  subjectOf,
} from './subject.ts';
export type { FamilyKind, MessageEvent, Stage, SubjectFilter, SubjectParts } from './subject.ts';
export { dtypes, tensorRefSchema } from './tensor.ts';
export type { DType, DTypeArrays, Tensor, TensorRef } from './tensor.ts';
export { trainingAnswerSchema, trainingJobSchema, trainingProgressSchema, trainingRequestSchema } from './training.ts';
export type { TrainingJob, TrainingProgress, TrainingRequest } from './training.ts';
export {
  clipRequestSchema,
  featureAnswerSchema,
  ingestAnswerSchema,
  latePolicySchema,
  lostInputSchema,
  describeMissing,
  missingPartSchema,
  netAnswerSchema,
  policyOwners,
  workContextSchema,
} from './work.ts';
export type {
  ClipRequest,
  FeatureAnswer,
  IngestAnswer,
  LatePolicy,
  MissingPart,
  NetAnswer,
  PolicyOwner,
  WorkContext,
} from './work.ts';
