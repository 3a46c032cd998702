import { readFeatureIndex } from '../features/feature-index.ts';
import { readFolds } from '../ingest/ingest.ts';
import { readIngested } from '../ingest/ingested-clips.ts';
import { familySet, type Training } from '../plan/training.ts';

/** The clips that the second level learns from and predicts: those that could be read, whichever families they suit. */
export interface SecondLevelClips {
  readonly labelled: readonly {
    readonly filename: string;
    /** From 1. */ readonly fold: number;
    readonly labels: Uint8Array;
  }[];
  readonly test: readonly string[];
  readonly other: readonly string[];
}

/** Collects them from what ingest and the feature families left; each labelled clip has one fold. */
export async function secondLevelClips(training: Training): Promise<SecondLevelClips> {
  const { artifacts, dataset, families, profile } = training;
  const failed = new Set<string>();
  for (const clip of await readIngested(artifacts)) if (clip.metadata === null) failed.add(clip.filename);
  for (const { name } of familySet(families, profile).features) {
    for (const { filename, outcome } of (await readFeatureIndex(artifacts, name)).clips) {
      if (outcome.status === 'failed') failed.add(filename);
    }
  }
  const foldOf = new Map(
    (await readFolds(artifacts)).flatMap((names, i) => names.map((name) => [name, i + 1] as const)),
  );
  const readable = dataset.clips.filter((clip) => !failed.has(clip.filename));
  const namesOf = (split: 'test' | 'other') =>
    readable.filter((clip) => clip.split === split).map((clip) => clip.filename);
  return {
    labelled: readable.flatMap(({ filename, labels }) => {
      const fold = foldOf.get(filename);
      return labels === undefined || fold === undefined ? [] : [{ filename, fold, labels }];
    }),
    test: namesOf('test'),
    other: namesOf('other'),
  };
}
