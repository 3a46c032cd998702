import { z } from 'zod';

const placeSchema = z.object({ name: z.string(), path: z.string() });

/** A folder of the machine, for somebody who looks for clips. */
export const placesSchema = z.object({
  path: z.string(),
  /** Null at the top. */
  parent: z.string().nullable(),
  /** Files directly in it that are clips by their names. */
  clips: z.int(),
  folders: z.array(placeSchema),
  /** Where to begin: home, cards and disks. */
  roots: z.array(placeSchema),
});
/** What {@link placesSchema} reads: a folder of the machine and what lies in it. */
export type Places = z.infer<typeof placesSchema>;

/** A model that is a file and can look at clips. */
export const setupModelSchema = z.object({
  name: z.string(),
  version: z.string(),
  kind: z.enum(['detector', 'image-classifier']),
  summary: z.string(),
  licence: z.string(),
  /** Null where nobody has said. */
  commercialUse: z.boolean().nullable(),
  bytes: z.int(),
});
/** What {@link setupModelSchema} reads: a model that is a file. */
export type SetupModel = z.infer<typeof setupModelSchema>;

/** A model that can be downloaded. */
export const modelOfferSchema = setupModelSchema.omit({ version: true });
/** What {@link modelOfferSchema} reads: a model that can be downloaded; `bytes` come over the network. */
export type ModelOffer = z.infer<typeof modelOfferSchema>;

/** What can be chosen before a project has anything that predicts. */
export const setupSchema = z.object({
  setup: z.object({
    /** Where results are kept. */
    keptIn: z.string(),
    /** Folder that the pages were opened for. */
    folder: z.string(),
    /** Clips of the project from before. */
    clips: z.int(),
    foldersAllowed: z.boolean(),
    models: z.array(setupModelSchema),
    /** Those of the catalogue that are not there yet; empty where nothing may be downloaded from here. */
    offers: z.array(modelOfferSchema),
    /** Folders of models that cannot be used, each with why. */
    broken: z.array(z.string()),
    /** Where models lie. */
    modelsFolder: z.string(),
    bundles: z.array(z.object({ path: z.string(), classes: z.array(z.string()) })),
  }),
});
/** What {@link setupSchema} reads: what can be chosen before a project has anything that predicts. */
export type Setup = z.infer<typeof setupSchema>['setup'];

/** What is to predict: a bundle by its folder, or models by their names. */
export const sourceChoiceSchema = z.union([
  z.strictObject({ bundle: z.string().min(1).max(4096) }),
  z.strictObject({
    /** A detector, a classifier of pictures, one of sounds: one of each at most. */
    models: z.array(z.string().min(1).max(200)).min(1).max(3),
    /** Frames of a clip that a detector looks at, at most, evenly spread; absent: as many as usual, one a second and up to 60. */
    looks: z.int().min(1).max(60).optional(),
  }),
]);
/** What {@link sourceChoiceSchema} reads: what is to predict. */
export type SourceChoice = z.infer<typeof sourceChoiceSchema>;

/** How long the clips of a folder will take. */
export const estimateInputSchema = z.strictObject({ source: sourceChoiceSchema, folder: z.string().min(1).max(4096) });
/** What a probe came to. */
export const estimateSchema = z.object({
  clips: z.int(),
  /** Clips that were tried. */
  probed: z.int(),
  /** For all clips; null where none could be tried. */
  seconds: z.number().nullable(),
  /** Of the records that all clips will have on the disk; null where none could be tried. */
  bytes: z.number().nullable(),
  /** Of the clips tried, those that are not blank by what analysed them; null where it cannot tell blank clips. */
  showing: z.int().nullable(),
});
/** What {@link estimateSchema} reads: how long clips will take and what they need, by some that were tried. */
export type Estimate = z.infer<typeof estimateSchema>;

/** How long one picture takes a model on this machine. */
export const speedSchema = z.object({ milliseconds: z.number() });

/** What a project begins with. */
export const beginSchema = z.strictObject({
  source: sourceChoiceSchema,
  /** Its clips are added; absent: clips are uploaded later. */
  folder: z.string().min(1).max(4096).optional(),
});
/** What {@link beginSchema} reads: what a project begins with. */
export type Begin = z.infer<typeof beginSchema>;
