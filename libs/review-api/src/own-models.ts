import { z } from 'zod';

/** How much is trained: the quickest that is still all of the pipeline, or all that a laptop trains. */
export const trainingEfforts = ['quick', 'thorough'] as const;
/** One of {@link trainingEfforts}. */
export type TrainingEffort = (typeof trainingEfforts)[number];

/** Clips that a model was trained on, or could be. */
export const trainingClipsSchema = z.object({
  clips: z.int(),
  /** By species, the most common first; a clip may show several. */
  species: z.array(z.object({ species: z.string(), clips: z.int() })),
  /** Sites that they come from; clips without a site count for one each. */
  sites: z.int(),
});
/** What {@link trainingClipsSchema} reads: how many clips, of which species, and from how many sites. */
export type TrainingClips = z.infer<typeof trainingClipsSchema>;

/** A score and its standard error, null where nothing can be said of it. */
const figureSchema = z.object({ value: z.number(), error: z.number().nullable() });

/** What a trained model is worth on clips that it did not learn from. */
const modelScoreSchema = z.object({
  /** Clips that were judged, each by models that learned from no clip of its site. */
  clips: z.int(),
  /** Whether sites were left out, or single clips: then clips of one site give each other away. */
  by: z.enum(['site', 'clip']),
  accuracy: figureSchema,
  logLoss: figureSchema,
  /** The model that was in use then, over those of the clips that it had not learned from: how many it had right. */
  before: z.object({ clips: z.int(), right: z.int() }).nullable(),
});

/** A model that can predict the project. */
export const ownModelSchema = z.object({
  /** 0: what the project was opened with; from 1 on what was trained here. */
  number: z.int(),
  /** In words: of 0 the bundle, or the models. */
  name: z.string(),
  /** When its training was started, ISO 8601; null of 0. */
  at: z.string().nullable(),
  learned: trainingClipsSchema.nullable(),
  score: modelScoreSchema.nullable(),
  inUse: z.boolean(),
});
/** What {@link ownModelSchema} reads: a model that can predict the project. */
export type OwnModel = z.infer<typeof ownModelSchema>;

/** What keeps a training from being made. */
export const trainingLackSchema = z.discriminatedUnion('code', [
  /** Two species at least, blank among them: the only one that there is, null where there is none. */
  z.object({ code: z.literal('species'), only: z.string().nullable() }),
  /** So many reviewed clips at least. */
  z.object({ code: z.literal('clips'), least: z.int() }),
]);
/** What {@link trainingLackSchema} reads: what keeps a training from being made. */
export type TrainingLack = z.infer<typeof trainingLackSchema>;

/** What would make the next model better. */
export const trainingAdviceSchema = z.discriminatedUnion('code', [
  /** Species with fewer clips than wanted: what the score says of them is a rough guess. */
  z.object({
    code: z.literal('rare'),
    wanted: z.int(),
    species: z.array(z.object({ species: z.string(), clips: z.int() })),
  }),
  /** Fewer sites than wanted: of one alone the score tells nothing of others. */
  z.object({ code: z.literal('sites'), wanted: z.int(), sites: z.int() }),
]);
/** What {@link trainingAdviceSchema} reads: what would make the next model better. */
export type TrainingAdvice = z.infer<typeof trainingAdviceSchema>;

/** What can be trained here, how far it is, and all models that there are. */
export const ownModelsSchema = z.object({
  /** Why nothing can be trained now; null where it can. */
  impossible: trainingLackSchema.nullable(),
  /** Reviewed clips that a training would learn from. */
  clips: trainingClipsSchema,
  advice: z.array(trainingAdviceSchema),
  /** idle: nothing is done; running; failed: see `trouble`. */
  stage: z.enum(['idle', 'running', 'failed']),
  /** Of a running one: share that is done, 0..1, the stage it is at (`family:part`), stages done and all, and seconds left, null before that can be told. */
  done: z.number(),
  at: z.string(),
  stages: z.object({ done: z.int(), all: z.int() }),
  secondsLeft: z.number().nullable(),
  trouble: z.string().nullable(),
  /** Number of the model that the project is open with: for a moment after another was chosen still the one of before. */
  serving: z.int(),
  /** Newest first; what the project was opened with last. */
  models: z.array(ownModelSchema),
});
/** What {@link ownModelsSchema} reads: what can be trained, how far it is, and all models of the project. */
export type OwnModels = z.infer<typeof ownModelsSchema>;

/** A model to train. */
export const trainInputSchema = z.strictObject({ effort: z.enum(trainingEfforts).default('quick') });

/** A model to predict with. */
export const useModelSchema = z.strictObject({ number: z.int().min(0) });
