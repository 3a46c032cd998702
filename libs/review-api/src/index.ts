export { isLitter } from '@primatrix/contracts';
export {
  clipDetailSchema,
  clipPageSchema,
  clipPlaceSchema,
  clipSignalsSchema,
  clipSpectrogramSchema,
  clipStates,
  clipSummarySchema,
  rankedSchema,
} from './clip.ts';
export type {
  ClipDetail,
  ClipPage,
  ClipPlace,
  ClipSignals,
  ClipSpectrogram,
  ClipState,
  ClipSummary,
  Ranked,
} from './clip.ts';
export { camtrapExportSchema, clipFilterSchema, clipOrders, clipQuerySchema } from './clip-query.ts';
export type { ClipFilter, ClipQuery } from './clip-query.ts';
export {
  addedSchema,
  familyProgressSchema,
  folderInputSchema,
  problemSchema,
  progressSchema,
  projectSchema,
} from './project.ts';
export type { Added, FamilyProgress, Problem, Progress, Project } from './project.ts';
export {
  ownModelSchema,
  ownModelsSchema,
  trainingAdviceSchema,
  trainingLackSchema,
  trainingClipsSchema,
  trainingEfforts,
  trainInputSchema,
  useModelSchema,
} from './own-models.ts';
export type { OwnModel, OwnModels, TrainingAdvice, TrainingClips, TrainingEffort, TrainingLack } from './own-models.ts';
export { suggestionBasisSchema, suggestionsSchema } from './suggestions.ts';
export type { SuggestionBasis, Suggestions } from './suggestions.ts';
export {
  agreementSchema,
  inviteInputSchema,
  invitedSchema,
  meSchema,
  peopleSchema,
  personSchema,
  roles,
  secondShareInputSchema,
} from './people.ts';
export type { Agreement, Invited, InviteInput, Me, People, Person, Role } from './people.ts';
export { refitResultSchema, refitSchema } from './refit.ts';
export type { Refit, RefitComparison, RefitResult } from './refit.ts';
export {
  decisions,
  lifeStages,
  observationSchema,
  reviewerSchema,
  reviewInputSchema,
  reviewSchema,
  saidSchema,
  sexes,
} from './review.ts';
export type { Decision, Observation, Review, Reviewer, ReviewInput } from './review.ts';
export {
  coordinatesSchema,
  deploymentChangedSchema,
  deploymentChangeSchema,
  deploymentInputSchema,
  deploymentSchema,
  stampProposalsSchema,
  timeOrigins,
} from './deployment.ts';
export type {
  Deployment,
  DeploymentChange,
  DeploymentChanged,
  DeploymentInput,
  SiteCoordinates,
  StampProposals,
  TimeOrigin,
} from './deployment.ts';
export { decidedSchema, decisionInputSchema, undoInputSchema, undoneSchema } from './decision.ts';
export type { Decided, DecisionInput, Undone } from './decision.ts';
export {
  changedSchema,
  clipChoiceSchema,
  clipIdsSchema,
  clipSettingSchema,
  mostClips,
  removeInputSchema,
} from './clip-changes.ts';
export type { Changed, ClipChoice, ClipSetting } from './clip-changes.ts';
export {
  beginSchema,
  estimateInputSchema,
  estimateSchema,
  placesSchema,
  setupModelSchema,
  modelOfferSchema,
  setupSchema,
  sourceChoiceSchema,
  speedSchema,
} from './setup.ts';
export { findingSchema, seasonSchema, siteSeasonSchema } from './season.ts';
export type { Finding, Season, SiteSeason } from './season.ts';
export type { Begin, Estimate, ModelOffer, Places, Setup, SetupModel, SourceChoice } from './setup.ts';
