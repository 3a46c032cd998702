import { join, parse } from 'node:path';
import { readLabels } from '@primatrix/dataset';
import { pooledEmbedding } from '@primatrix/few-labels';
import { predictFromLabels } from '@primatrix/prediction';
import { Rng } from '@primatrix/rng';
import { readTensorFile } from '@primatrix/tensor-store';

/** What a draw of labelled clips had right. */
export interface SuggestionScore {
  readonly labelledAClass: number;
  /** Draws in which every class had so many clips, and one to be tested. */
  readonly draws: number;
  /** Labelled clips, and those that were tested; of the last draw. */
  readonly labelled: number;
  readonly tested: number;
  /** Share of the tested clips of which the most probable class is one that they show; mean over draws, and its standard error. */
  readonly accuracy: number;
  readonly standardError: number;
}

/** Clips as vectors, and what they show. */
export interface LabelledVectors {
  readonly classes: readonly string[];
  readonly vectors: readonly Float32Array[];
  /** [classes] each, 0 or 1. */
  readonly labels: readonly Uint8Array[];
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
 */
export async function readLabelledVectors(dataset: string, features: string): Promise<LabelledVectors> {
  const tables = await Promise.all(
    ['train_labels.csv', 'test_labels.csv'].map((name) => readLabels(join(dataset, name))),
  );
  const classes = tables[0]?.classes ?? [];
  const vectors: Float32Array[] = [];
  const labels: Uint8Array[] = [];
  for (const { filenames, labels: rows } of tables) {
    for (const [row, name] of filenames.entries()) {
      const tensor = await readTensorFile(join(features, `${parse(name).name}.safetensors`));
      const vector = pooledEmbedding(tensor.data as Float32Array, tensor.shape[1] ?? 0);
      if (vector === undefined) continue;
      vectors.push(vector);
      labels.push(rows.slice(row * classes.length, (row + 1) * classes.length));
    }
  }
  return { classes, vectors, labels };
}

/** Labels so many clips a class by lot, suggests what the others show, and says how many were right. */
export async function evaluateSuggestions(
  { classes, vectors, labels }: LabelledVectors,
  { labelledAClass, draws, seed }: { readonly labelledAClass: number; readonly draws: number; readonly seed: number },
): Promise<SuggestionScore> {
  const width = vectors[0]?.length ?? 0;
  const data = new Float32Array(vectors.length * width);
  vectors.forEach((vector, row) => data.set(vector, row * width));
  const all = { data, rows: vectors.length, width };
  const shares: number[] = [];
  let [labelled, tested] = [0, 0];
  for (let draw = 0; draw < draws; draw++) {
    const at = new Set<number>();
    const rng = Rng.of(seed, `draw ${draw}`);
    for (const c of classes.keys()) {
      // A clip that shows several classes is labelled with all of them, and counts for this one.
      const own = rng.shuffle([...labels.keys()].filter((row) => labels[row]?.[c] === 1 && !at.has(row)));
      own.slice(0, labelledAClass).forEach((row) => at.add(row));
    }
    const rows = [...at];
    const { probabilities } = await predictFromLabels(
      {
        ...{ all, classes, at: rows },
        labels: Uint8Array.from(rows.flatMap((row) => [...(labels[row] ?? [])])),
        sites: rows.map(() => undefined),
      },
      mean,
    );
    const others = [...vectors.keys()].filter((row) => !at.has(row));
    const right = others.filter((row) => {
      const own = probabilities.subarray(row * classes.length, (row + 1) * classes.length);
      return labels[row]?.[own.indexOf(Math.max(...own))] === 1;
    });
    shares.push(right.length / others.length);
    [labelled, tested] = [rows.length, others.length];
  }
  const accuracy = shares.reduce((sum, share) => sum + share, 0) / draws;
  const variance = shares.reduce((sum, share) => sum + (share - accuracy) ** 2, 0) / Math.max(1, draws - 1);
  return { labelledAClass, draws, labelled, tested, accuracy, standardError: Math.sqrt(variance / draws) };
}
