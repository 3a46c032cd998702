import { z } from 'zod';

const findingFields = {
  /** For the filter `finding`. */
  id: z.string(),
  site: z.string().nullable(),
  clips: z.int(),
};

/** Clips that tell of something wrong with a camera or its card, in figures: pages have the words. */
export const findingSchema = z.discriminatedUnion('kind', [
  /** Sites, null for no known one, whose files these are byte for byte. */
  z.object({ ...findingFields, kind: z.literal('copied-twice'), of: z.array(z.string().nullable()) }),
  /** Clips with a time that clocks have before they are set; and how often the clock goes back while file numbers go on. */
  z.object({ ...findingFields, kind: z.literal('clock-reset'), unset: z.int(), back: z.int() }),
  /** Dated after today. */
  z.object({ ...findingFields, kind: z.literal('clock-ahead') }),
  /** How often so many blank clips or more follow each other. */
  z.object({ ...findingFields, kind: z.literal('stuck-trigger'), times: z.int(), least: z.int() }),
  /** How often the view changes and stays changed; its clips are the first of each new view. */
  z.object({ ...findingFields, kind: z.literal('moved'), times: z.int() }),
  /** By day nothing can be told apart. */
  z.object({ ...findingFields, kind: z.literal('covered') }),
]);
/** What {@link findingSchema} reads. */
export type Finding = z.infer<typeof findingSchema>;

/** A site over the season. */
export const siteSeasonSchema = z.object({
  site: z.string().nullable(),
  clips: z.int(),
  /** Clips that a person or the model has said something of, and those of them without an animal. */
  known: z.int(),
  blank: z.int(),
  coordinates: z.object({ latitude: z.number(), longitude: z.number() }).nullable(),
  /** Days with clips that follow each other, by the camera's clock: `YYYY-MM-DD`, the last included. */
  runs: z.array(z.object({ from: z.string(), to: z.string(), clips: z.int() })),
  /** Days from the first clip to the last, and those of them with clips. */
  days: z.int(),
  activeDays: z.int(),
  timeless: z.int(),
});
/** What {@link siteSeasonSchema} reads: a site over the season. */
export type SiteSeason = z.infer<typeof siteSeasonSchema>;

/** What the clips of a project come to, by people's decisions, else by the most probable class. */
export const seasonSchema = z.object({
  clips: z.int(),
  known: z.int(),
  reviewed: z.int(),
  blank: z.int(),
  failed: z.int(),
  timeless: z.int(),
  /** By the cameras' clocks; null where no time is known. */
  first: z.string().nullable(),
  last: z.string().nullable(),
  sites: z.array(siteSeasonSchema),
  /** Species but blank, the commonest first, with clips by site (in the order of `sites`) and by hour of the camera's clock, 0 to 23. */
  species: z.array(
    z.object({ species: z.string(), clips: z.int(), bySite: z.array(z.int()), byHour: z.array(z.int()).length(24) }),
  ),
  findings: z.array(findingSchema),
});
/** What {@link seasonSchema} reads: what the clips of a project come to. */
export type Season = z.infer<typeof seasonSchema>;
