import { pooledEmbedding } from '@primatrix/few-labels';
import { evaluateSuggestions, type LabelledVectors, type SuggestionScore } from './evaluate-suggestions.ts';
import type { FishPictures } from './read-fish.ts';

/** Fixed before anything was scored. */
const settings = { labelled: [1, 2, 4, 8], draws: 10, seed: 1 } as const;

/**
 * Tracks of fish from few labelled ones: a track is a clip, its pictures are the frames, and the answer is that of `predict --labels`.
 * @returns so many labelled tracks a species in each row; species that have no more are labelled and not tested
 */
export async function evaluateFishFewLabels(
  pictures: FishPictures,
  {
    draws = settings.draws,
    onProgress,
  }: { readonly draws?: number; readonly onProgress?: (note: string) => void } = {},
): Promise<SuggestionScore[]> {
  const tracks = trackVectors(pictures);
  const scores: SuggestionScore[] = [];
  for (const labelledAClass of settings.labelled) {
    onProgress?.(`${labelledAClass} labelled tracks a species`);
    scores.push(await evaluateSuggestions(tracks, { labelledAClass, draws, seed: settings.seed }));
  }
  return scores;
}

/** Each track by the mean of its pictures' vectors, of length 1. */
function trackVectors({ known, tracks }: FishPictures): LabelledVectors {
  const { data, width, labels, classes } = known;
  const rowsOf = new Map<string, number[]>();
  tracks.forEach((track, row) => rowsOf.set(track, [...(rowsOf.get(track) ?? []), row]));
  const seen = [...rowsOf.values()].flatMap((rows) => {
    const frames = new Float32Array(rows.length * width);
    rows.forEach((row, i) => frames.set(data.subarray(row * width, (row + 1) * width), i * width));
    const vector = pooledEmbedding(frames, width);
    const first = (rows[0] ?? 0) * classes;
    return vector === undefined ? [] : [{ vector, own: labels.slice(first, first + classes) }];
  });
  return {
    classes: Array.from({ length: classes }, (_, c) => `species ${c + 1}`),
    vectors: seen.map(({ vector }) => vector),
    labels: seen.map(({ own }) => own),
  };
}
