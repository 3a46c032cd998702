import { z } from 'zod';
import { clipStates } from './clip.ts';
import { decisions } from './review.ts';

/**
 * By what clips can be put in order: filename, capture time, probability of the most probable species, how far nets
 * lie apart, how much a decision about them teaches, when they were added.
 */
export const clipOrders = ['name', 'time', 'confidence', 'disagreement', 'teaches', 'added'] as const;

const share = z.coerce.number().min(0).max(1);
// Days and times that there are. Not Date.parse: it takes a time without zone for one of the machine's.
const moment = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })], {
  error: 'must be a date as 2016-03-31 or 2016-03-31T17:05:00Z',
});

/** Which clips are wanted, and in which order. */
export const clipFilterSchema = z.strictObject({
  /** Clips of this species: what a person said, else the most probable one. */
  species: z.string().optional(),
  /** Clips for which reviewed clips suggest this species. */
  suggested: z.string().optional(),
  site: z.string().optional(),
  /** Captured at or after, and before; without a zone in UTC, as capture times are. */
  from: moment.optional(),
  to: moment.optional(),
  /** Of the most probable species. */
  minConfidence: share.optional(),
  maxConfidence: share.optional(),
  minDisagreement: share.optional(),
  /** Blank clips alone, or all others. */
  blank: z.enum(['only', 'without']).optional(),
  /** Of the day, 0 to 23, by the camera's clock. */
  hour: z.coerce.number().int().min(0).max(23).optional(),
  /** Clips without a time alone. */
  timeless: z.literal('only').optional(),
  /** Clips that tell of something wrong with a camera: a finding of the season. */
  finding: z.string().max(300).optional(),
  state: z.enum(clipStates).optional(),
  review: z.enum([...decisions, 'done']).optional(),
  /**
   * Clips that wait for the second opinion of whoever asks; or those of which people say different things.
   */
  second: z.enum(['due', 'differ']).optional(),
  /** Part of filename, site, note or species, in any case. */
  search: z.string().max(200).optional(),
  /** Groups the list into events, which end where no clip comes for so many minutes. */
  events: z.coerce
    .number()
    .min(0)
    .max(7 * 24 * 60)
    .optional(),
  /** The event whose clips are shown one by one: the id of its first clip. */
  open: z.string().max(64).optional(),
  sort: z.enum(clipOrders).default('added'),
  descending: z.enum(['true', 'false']).default('false'),
});
/** What {@link clipFilterSchema} reads: which clips are wanted, and in which order. */
export type ClipFilter = z.infer<typeof clipFilterSchema>;

/** Which clips are wanted, and which part of them: at most 500 at once, from `offset` on, counted from 0. */
export const clipQuerySchema = clipFilterSchema.extend({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
/** What {@link clipQuerySchema} reads: which clips are wanted, and which part of them. */
export type ClipQuery = z.infer<typeof clipQuerySchema>;

/** What is asked for a Camtrap DP package besides: what only people know. */
export const camtrapExportSchema = clipFilterSchema.extend({
  /** Of the cameras' clocks, for times that state none: `+02:00`, `Africa/Kinshasa`. */
  timeZone: z.string().trim().min(1).max(64).optional(),
  /** Whether the cameras write local time where their files claim UTC. */
  localClock: z.enum(['true', 'false']).default('false'),
  /** Who is to be named for the data. */
  contributor: z.string().trim().min(1).max(200).optional(),
  /** Of the project; its folder's name where it is absent. */
  title: z.string().trim().min(1).max(200).optional(),
});
