import { existsSync } from 'node:fs';
import { join, parse } from 'node:path';
import { readLabels, readSitesOfClips, type ClipOrigin } from '@primatrix/dataset';
import { pooledEmbedding } from '@primatrix/few-labels';
import { predictFromLabels } from '@primatrix/prediction';
import { readTensorFile } from '@primatrix/tensor-store';
import { drawLabelled, overDraws, shareRight, type LabelledClips } from './suggestion-draw.ts';

/** What a draw of labelled clips had right. */
export interface SuggestionScore {
  readonly labelledAClass: number;
  readonly draws: number;
  /** Labelled clips, and those that were tested; mean over draws. */
  readonly labelled: number;
  readonly tested: number;
  /** Share of the tested clips of which the most probable class is one that they show; mean over draws, and its standard error. */
  readonly accuracy: number;
  readonly standardError: number;
}

/** Clips as vectors, and what they show. */
export interface LabelledVectors extends LabelledClips {
  readonly filenames: readonly string[];
  readonly vectors: readonly Float32Array[];
}

/** Both members count alike, as in the pages; nothing is calibrated, which changes no order. */
const mean = {
  combine: (members: readonly { readonly probabilities: Float64Array }[]) =>
    Float64Array.from(members[0]?.probabilities ?? [], (_, i) =>
      members.reduce((sum, { probabilities }) => sum + (probabilities[i] ?? 0) / members.length, 0),
    ),
  calibrate: () => ({ method: 'none' }) as const,
};

/**
 * Reads the labelled clips of a dataset with what an encoder made of them.
 * @param features folder with `<clip name without its ending>.safetensors` each, [frames, width]
 * @param options.bySite sites are those of `clips.csv`; else no clip has one
 */
export async function readLabelledVectors(
  dataset: string,
  features: string,
  { bySite }: { readonly bySite: boolean },
): Promise<LabelledVectors> {
  const paths = ['train_labels.csv', 'test_labels.csv'].map((name) => join(dataset, name)).filter(existsSync);
  const tables = await Promise.all(paths.map(readLabels));
  const classes = tables[0]?.classes ?? [];
  const filenames: string[] = [];
  const vectors: Float32Array[] = [];
  const labels: Uint8Array[] = [];
  for (const { filenames: names, labels: rows } of tables) {
    for (const [row, name] of names.entries()) {
      const tensor = await readTensorFile(join(features, `${parse(name).name}.safetensors`));
      const vector = pooledEmbedding(tensor.data as Float32Array, tensor.shape[1] ?? 0);
      if (vector === undefined) continue;
      filenames.push(name);
      vectors.push(vector);
      labels.push(rows.slice(row * classes.length, (row + 1) * classes.length));
    }
  }
  const { sites } = bySite
    ? await readSitesOfClips(filenames, join(dataset, 'clips.csv'))
    : { sites: new Map<string, ClipOrigin>() };
  return { classes, filenames, vectors, labels, sites: filenames.map((name) => sites.get(name)?.site ?? null) };
}

/**
 * What the labelled clips of a draw suggest of all clips.
 * @returns probability by place of a clip and class, 0 to 1
 */
export async function suggestFrom(
  { classes, vectors, labels, sites }: Omit<LabelledVectors, 'filenames'>,
  at: readonly number[],
): Promise<(row: number, c: number) => number> {
  const width = vectors[0]?.length ?? 0;
  const data = new Float32Array(vectors.length * width);
  vectors.forEach((vector, row) => data.set(vector, row * width));
  const { probabilities } = await predictFromLabels(
    {
      ...{ all: { data, rows: vectors.length, width }, classes, at },
      labels: Uint8Array.from(at.flatMap((row) => [...(labels[row] ?? [])])),
      sites: at.map((row) => sites[row] ?? undefined),
    },
    mean,
  );
  return (row, c) => probabilities[row * classes.length + c] ?? Number.NaN;
}

/** Labels so many clips a class by lot, suggests what the others show, and says how many were right. */
export async function evaluateSuggestions(
  clips: Omit<LabelledVectors, 'filenames'>,
  { labelledAClass, draws, seed }: { readonly labelledAClass: number; readonly draws: number; readonly seed: number },
): Promise<SuggestionScore> {
  const shares: number[] = [];
  let [labelled, tested] = [0, 0];
  for (let draw = 0; draw < draws; draw++) {
    const { labelled: at, tested: others } = drawLabelled(clips, labelledAClass, seed, draw);
    shares.push(shareRight(others, clips, await suggestFrom(clips, at)));
    [labelled, tested] = [labelled + at.length, tested + others.length];
  }
  return { labelledAClass, draws, labelled: labelled / draws, tested: tested / draws, ...overDraws(shares) };
}
