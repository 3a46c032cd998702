import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readLog } from '@primatrix/files';
import { readBundle } from '@primatrix/prediction';
import {
  ownModelSchema,
  sourceChoiceSchema,
  trainingClipsSchema,
  trainingEfforts,
  type SourceChoice,
} from '@primatrix/review-api';
import { z } from 'zod';
import type { OpenBundle } from '../prediction/source.ts';
import { projectFolder } from '../project/review-project.ts';

/** A line of a project's `models.jsonl`: a training began, ended, or a model was chosen to predict. */
export const modelEntrySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('started'),
    /** From 1 on: all that belongs to it lies in `models/<number>`. */
    number: z.int().positive(),
    /** ISO 8601. */
    at: z.string(),
    effort: z.enum(trainingEfforts),
    folds: z.int().min(2),
    /** Names or folders of models that go into it. */
    models: z.array(z.string()),
    by: z.enum(['site', 'clip']),
    learned: trainingClipsSchema,
    before: z.object({ clips: z.int(), right: z.int() }).nullable(),
  }),
  z.object({
    type: z.literal('ended'),
    number: z.int().positive(),
    /** Null where it was stopped, or failed. */
    score: ownModelSchema.shape.score,
    trouble: z.string().nullable(),
  }),
  z.object({
    type: z.literal('used'),
    /** 0: what the project was opened with. */
    number: z.int().min(0),
    at: z.string(),
    /** What the project was opened with: with another choice this one holds no more. */
    of: sourceChoiceSchema,
  }),
]);
export type ModelEntry = z.infer<typeof modelEntrySchema>;
export type StartedEntry = Extract<ModelEntry, { type: 'started' }>;

/** Name of the datasets that reviewed clips become, and so of the trainings. */
const datasetName = 'reviews';

/** Where a training of a project has what. @param folder of the project's state */
export function modelPlaces(folder: string, number: number) {
  const own = join(folder, 'models', String(number));
  const training = join(own, 'artifacts', datasetName);
  return {
    own,
    dataset: join(own, datasetName),
    labels: join(own, datasetName, 'train_labels.csv'),
    artifacts: join(own, 'artifacts'),
    bundle: join(training, 'bundle'),
    report: join(training, 'report/index.html'),
  };
}

export function modelLogFile(folder: string): string {
  return join(folder, 'models.jsonl');
}

/** Two choices that name the same. */
export function sameChoice(a: SourceChoice, b: SourceChoice): boolean {
  const key = (choice: SourceChoice) =>
    JSON.stringify('bundle' in choice ? { bundle: resolve(choice.bundle) } : { models: choice.models });
  return key(a) === key(b);
}

/**
 * The model of the project's own that was chosen to predict in place of what it is opened with; undefined where none was.
 * @param place folder of the project
 * @param onTrouble told where it cannot be used any more
 */
export async function ownModelInUse(
  place: string,
  choice: SourceChoice,
  onTrouble: (message: string) => void,
): Promise<OpenBundle | undefined> {
  const folder = join(resolve(place), projectFolder);
  const log = modelLogFile(folder);
  let used = 0;
  if (existsSync(log)) {
    await readLog(
      log,
      modelEntrySchema,
      (entry) => void (entry.type === 'used' && sameChoice(entry.of, choice) && (used = entry.number)),
    );
  }
  if (used === 0) return undefined;
  const { bundle } = modelPlaces(folder, used);
  try {
    return { folder: bundle, ...(await readBundle(bundle)) };
  } catch (error) {
    onTrouble(`model ${used} that was trained here cannot be used any more: ${(error as Error).message}`);
    return undefined;
  }
}
