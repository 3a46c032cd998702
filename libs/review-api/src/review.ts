import { z } from 'zod';

/** What a person decided about a clip. `blank` and `unsure` are decisions, too; `open` takes a decision back. */
export const decisions = ['accepted', 'corrected', 'blank', 'unsure', 'open'] as const;
/** One of {@link decisions}. */
export type Decision = (typeof decisions)[number];

/** Life stages of Camtrap DP. */
export const lifeStages = ['adult', 'subadult', 'juvenile'] as const;
/** Sexes of Camtrap DP. */
export const sexes = ['female', 'male'] as const;

const species = z.string().trim().min(1).max(100);
const second = z.number().nonnegative();

/** Animals of one kind that a clip shows; a clip may have several, of one species too: one adult female, two juveniles. */
export const observationSchema = z.strictObject({
  species,
  count: z.int().min(1).max(100_000).optional(),
  lifeStage: z.enum(lifeStages).optional(),
  sex: z.enum(sexes).optional(),
  behaviour: z.string().trim().min(1).max(200).optional(),
  note: z.string().trim().min(1).max(2000).optional(),
  /** Seconds into the clip at which they come into sight, and go out of it. */
  from: second.optional(),
  to: second.optional(),
});
/** What {@link observationSchema} reads: animals of one kind that a clip shows. */
export type Observation = z.infer<typeof observationSchema>;

/** Who decides. */
export const reviewerSchema = z.strictObject({
  /** Name of the person; absent where nobody gives one. */
  by: z.string().trim().min(1).max(100).optional(),
  /** Which browser or program: what it decided last is what its undo takes back. */
  from: z.string().min(1).max(64).optional(),
});
/** What {@link reviewerSchema} reads: who decides, by name, and where. */
export type Reviewer = z.infer<typeof reviewerSchema>;

/** What a person says of a clip. */
export const reviewInputSchema = reviewerSchema.extend({
  decision: z.enum(decisions),
  /** Species that the clip shows; at least one where it is accepted or corrected. Names that the bundle does not know are new species. */
  species: z.array(species).max(50),
  /** More about the animals; each of a species of the clip. */
  observations: z.array(observationSchema).max(50).optional(),
  /** About the clip; empty: none. Absent: the one that it has stays. */
  note: z.string().trim().max(2000).optional(),
});
/** What {@link reviewInputSchema} reads: what a person says of a clip. */
export type ReviewInput = z.infer<typeof reviewInputSchema>;

/** What is said of one clip, with the clip. */
export const saidSchema = reviewInputSchema.omit({ from: true }).extend({ clip: z.string() });

/** A decision as it is kept; the last one of a clip that was not undone counts. */
export const reviewSchema = saidSchema.extend({
  /** When it was made, ISO 8601. */
  at: z.string(),
  /** Names what was decided at once, for an undo; absent in projects of before. */
  act: z.string().optional(),
});
/** What {@link reviewSchema} reads: a decision as it is kept, with its clip and time. */
export type Review = z.infer<typeof reviewSchema>;
