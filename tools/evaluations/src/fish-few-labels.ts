import { pooledEmbedding, rowsAt, type LabelledRows } from '@primatrix/few-labels';
import { Rng } from '@primatrix/rng';
import { fewLabelsAnswer } from './few-labels-answer.ts';
import { meanAndError } from './mean-and-error.ts';
import type { FishPictures } from './read-fish.ts';

/** Fixed before anything was scored, as those of ESC-10. */
const settings = { labelled: [1, 2, 4, 8], draws: 20, seed: 1, strength: 0.1 } as const;

/** Of so many labelled tracks a species: right answers of all other tracks, mean over draws, and its standard error. JSON. */
export interface FishFewLabels {
  readonly labelledASpecies: number;
  /** Tracks of a draw; species that have no more are all labelled, and not tested. */
  readonly labelled: number;
  readonly tested: number;
  readonly draws: number;
  readonly accuracy: number;
  readonly standardError: number;
}

/** Tracks of fish from few labelled ones: a track is a clip, its pictures are the frames. */
export async function evaluateFishFewLabels(
  pictures: FishPictures,
  {
    draws = settings.draws,
    onProgress,
  }: { readonly draws?: number; readonly onProgress?: (note: string) => void } = {},
): Promise<FishFewLabels[]> {
  const all = trackRows(pictures);
  const shows = (row: number, species: number) => all.labels[row * all.classes + species] === 1;
  const places = Array.from({ length: all.rows }, (_, row) => row);
  const scores: FishFewLabels[] = [];
  for (const labelledASpecies of settings.labelled) {
    onProgress?.(`${labelledASpecies} labelled tracks a species`);
    const shares: number[] = [];
    let [labelled, tested] = [0, 0];
    for (let draw = 0; draw < draws; draw++) {
      const rng = Rng.of(settings.seed, 'fish-few-labels', labelledASpecies, draw);
      const train = Array.from({ length: all.classes }, (_, species) =>
        rng.shuffle(places.filter((row) => shows(row, species))).slice(0, labelledASpecies),
      ).flat();
      const known = new Set(train);
      const test = places.filter((row) => !known.has(row));
      const labels = Uint8Array.from(train.flatMap((row) => [...labelsOf(all, row)]));
      const answer = await fewLabelsAnswer({ ...rowsAt(all, train), labels, classes: all.classes }, rowsAt(all, test), {
        all,
        strength: settings.strength,
      });
      const right = test.filter((row, i) => {
        const own = answer.subarray(i * all.classes, (i + 1) * all.classes);
        return shows(row, own.indexOf(Math.max(...own)));
      });
      shares.push(right.length / test.length);
      [labelled, tested] = [train.length, test.length];
    }
    scores.push({ labelledASpecies, labelled, tested, draws, ...meanAndError(shares) });
  }
  return scores;
}

function labelsOf({ labels, classes }: LabelledRows, row: number): Uint8Array {
  return labels.subarray(row * classes, (row + 1) * classes);
}

/** Each track by the mean of its pictures' vectors, of length 1. */
function trackRows({ known, tracks }: FishPictures): LabelledRows {
  const { data, width, classes } = known;
  const rowsOf = new Map<string, number[]>();
  tracks.forEach((track, row) => rowsOf.set(track, [...(rowsOf.get(track) ?? []), row]));
  const seen = [...rowsOf.values()].flatMap((rows) => {
    const frames = new Float32Array(rows.length * width);
    rows.forEach((row, i) => frames.set(data.subarray(row * width, (row + 1) * width), i * width));
    const vector = pooledEmbedding(frames, width);
    return vector === undefined ? [] : [{ vector, labels: labelsOf(known, rows[0] as number) }];
  });
  return {
    data: Float32Array.from(seen.flatMap(({ vector }) => [...vector])),
    ...{ rows: seen.length, width, classes },
    labels: Uint8Array.from(seen.flatMap(({ labels }) => [...labels])),
  };
}
