import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { profiles } from '@primatrix/contracts';
import { readNetPredictions, writeNetPredictions } from '@primatrix/feature-table';
import { canonicalJson, writeFileAtomic } from '@primatrix/files';
import { trainingFactsFile } from '@primatrix/prediction';
import { z } from 'zod';
import type { Training } from '../plan/training.ts';
import type { SecondLevelClips } from './second-level-clips.ts';

const labelsFile = 'second-level/labels.parquet';

/** What has to be known of a training to fit its second level again, without its dataset. */
export const trainingFactsFiles = [trainingFactsFile, labelsFile] as const;

const factsSchema = z.object({
  schema: z.literal(1),
  profile: z.enum(profiles),
  dataset: z.object({ name: z.string(), digest: z.string() }),
  classes: z.array(z.string()).min(1),
  folds: z.int().min(2),
  seed: z.int(),
});

export type TrainingFacts = z.infer<typeof factsSchema> & {
  /** Of the labelled clips that the second level learned from, sorted. */
  readonly filenames: readonly string[];
  /** [clips, classes], 0 or 1. */
  readonly labels: Uint8Array;
  /** [clips] from 1. */
  readonly foldOf: Int32Array;
};

/** Writes {@link trainingFactsFiles} below the artifact folder. */
export async function writeTrainingFacts(
  { artifacts, dataset, profile, folds, seed }: Training,
  labelled: SecondLevelClips['labelled'],
): Promise<void> {
  const { name, digest, classes } = dataset;
  await writeFileAtomic(
    join(artifacts, trainingFactsFile),
    `${canonicalJson({ schema: 1, profile, dataset: { name, digest }, classes, folds, seed })}\n`,
  );
  await writeNetPredictions(join(artifacts, labelsFile), {
    filenames: labelled.map(({ filename }) => filename),
    classes,
    probabilities: Float32Array.from(labelled.flatMap(({ labels }) => [...labels])),
    folds: Int32Array.from(labelled, ({ fold }) => fold),
  });
}

/**
 * Reads what the table stage left.
 * @throws where there is none or it is damaged; FeatureTableError naming the table
 */
export async function readTrainingFacts(artifacts: string): Promise<TrainingFacts> {
  const facts = factsSchema.parse(JSON.parse(await readFile(join(artifacts, trainingFactsFile), 'utf8')));
  const { filenames, probabilities, folds } = await readNetPredictions(join(artifacts, labelsFile), facts.classes);
  return {
    ...facts,
    filenames,
    labels: Uint8Array.from(probabilities),
    foldOf: folds ?? new Int32Array(filenames.length).fill(1),
  };
}
