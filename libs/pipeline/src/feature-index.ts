import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { clipOutcomeSchema } from '@primatrix/contracts';
import { z } from 'zod';

const entrySchema = z.object({
  filename: z.string(),
  /** Digest of clip, family, version, settings and weights: what the tensor was made from. */
  key: z.string(),
  outcome: clipOutcomeSchema,
  /** Below the artifact folder; null where the clip failed. */
  file: z.string().nullable(),
  sha256: z.string().nullable(),
  bytes: z.int().nonnegative(),
  /** [frames, features]; null where the clip failed. */
  shape: z.array(z.int().nonnegative()).nullable(),
  /** Columns for the second level; null is missing. */
  row: z.record(z.string(), z.number().nullable()),
});

/** Features of one clip by one family: where they lie and how they came about. */
export type FeatureEntry = z.infer<typeof entrySchema>;

const indexSchema = z.object({
  feature: z.string(),
  family: z.string(),
  version: z.string(),
  weights: z.object({ source: z.enum(['none', 'random', 'imported']), digest: z.string().nullable(), note: z.string() }),
  clips: z.array(entrySchema),
});

/** What a feature family made of a dataset: one entry a clip, failed ones included, sorted by name. */
export type FeatureIndex = z.infer<typeof indexSchema>;

/** Where the index of a feature lies, below the artifact folder. */
export function featureIndexPath(feature: string): string {
  return `features/${feature}/index.json`;
}

/** @throws where the index is not there or damaged */
export async function readFeatureIndex(artifacts: string, feature: string): Promise<FeatureIndex> {
  return indexSchema.parse(JSON.parse(await readFile(join(artifacts, featureIndexPath(feature)), 'utf8')));
}

/** Whether the family made anything of any clip: not of a dataset that has no pictures, or no sound, for it. */
export function hasFeatures(index: FeatureIndex): boolean {
  return index.clips.some((clip) => clip.file !== null);
}

/** Whether the tensor that an entry speaks of still lies there, whole as far as its length tells. */
export async function entryIsThere(artifacts: string, entry: FeatureEntry): Promise<boolean> {
  if (entry.file === null) return true;
  const info = await stat(join(artifacts, entry.file)).catch(() => undefined);
  return info?.size === entry.bytes;
}
