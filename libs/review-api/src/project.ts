import { z } from 'zod';
import { meSchema } from './people.ts';
import { suggestionsSchema } from './suggestions.ts';

/** How far one family of the bundle is. */
export const familyProgressSchema = z.object({
  family: z.string(),
  /** ingest: probing and decoding; second-level: stackers and ensemble, which run over whole sites at once. */
  part: z.enum(['ingest', 'features', 'nets', 'second-level']),
  /** Clips of the project that wait no more for it; it had nothing to do where a clip lacks pictures or sound. */
  done: z.int(),
  /** Median of the last clips that it looked at since the gateway started; null before. */
  secondsAClip: z.number().nullable(),
});
/** What {@link familyProgressSchema} reads: how many clips one family is done with, and its seconds a clip. */
export type FamilyProgress = z.infer<typeof familyProgressSchema>;

/** How far prediction is. */
export const progressSchema = z.object({
  /** idle: nothing to do; nets: clip by clip; ensemble: the second level over all of them; stopped: it cannot go on, see `trouble`. */
  stage: z.enum(['idle', 'starting', 'nets', 'ensemble', 'stopped']),
  /** Clips of the project, and how many of them the nets have looked at or nobody can read. */
  total: z.int(),
  done: z.int(),
  failed: z.int(),
  /** Of the bundle, in the order of their work. */
  families: z.array(familyProgressSchema),
  /** By the last clips; null while the nets look at none, or have looked at none yet. */
  clipsAMinute: z.number().nullable(),
  /** Estimated from the last clips; null where it cannot be known yet. */
  secondsLeft: z.number().nullable(),
  /** Clip that is being looked at. */
  current: z.string().nullable(),
  /** What prediction waits for outside the gateway, in words: a broker that is away, services that nobody has started; else null. */
  waitsFor: z.string().nullable(),
  /** A sentence where something is wrong. */
  trouble: z.string().nullable(),
  /** Grows whenever what is shown of clips may have changed; only to be compared. */
  version: z.int(),
});
/** What {@link progressSchema} reads: how far prediction is, and what it waits for. */
export type Progress = z.infer<typeof progressSchema>;

/** What the pages need to know before anything else. */
export const projectSchema = z.object({
  /** Who asks. */
  me: meSchema,
  /** Name of the project folder. */
  name: z.string(),
  /** Of the bundle, in its order. */
  classes: z.array(z.string()),
  /** Species that people added. */
  newSpecies: z.array(z.string()),
  nets: z.array(z.string()),
  /** Sites by name, with their number of clips. */
  sites: z.array(z.object({ site: z.string(), clips: z.int() })),
  /** Clips by decision. */
  reviewed: z.record(z.string(), z.int()),
  /** What must be said wherever results are shown. */
  warnings: z.array(z.string()),
  /** Whether folders of the server may be added from here. */
  foldersAllowed: z.boolean(),
  /** Whether the second level can be fitted again from here. */
  refits: z.boolean(),
  /** Whether models of the project can be trained, and chosen, from here. */
  trains: z.boolean(),
  /** Suggestions from reviewed clips; null where no encoder is installed. */
  suggestions: suggestionsSchema.nullable(),
  limits: z.object({ uploadBytes: z.int(), clips: z.int() }),
  progress: progressSchema,
});
/** What {@link projectSchema} reads: what the pages need to know before anything else. */
export type Project = z.infer<typeof projectSchema>;

/** A folder of the machine that the gateway runs on. */
export const folderInputSchema = z.strictObject({ path: z.string().min(1).max(4096) });

/** What came of adding clips. */
export const addedSchema = z.object({
  added: z.int(),
  known: z.int(),
  skipped: z.int(),
  /** Folders below that could not be read, each as its path and why. */
  unreadable: z.array(z.string()),
});
/**
 * What {@link addedSchema} reads: how many clips came to the project, were in it before, and are none; and which
 * folders could not be read.
 */
export type Added = z.infer<typeof addedSchema>;

/** An error as RFC 9457 describes it, sent as application/problem+json. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** Stable name of the rule that was broken. */
  code: z.string(),
  hint: z.string().optional(),
});
/** What {@link problemSchema} reads: an error as RFC 9457 describes it, with a stable code. */
export type Problem = z.infer<typeof problemSchema>;
