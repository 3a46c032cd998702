import { descriptorNames, type SoundDescriptors } from './sound-descriptors.ts';

const percentiles = [10, 25, 50, 75, 90] as const;

// Forty bands and twelve pitches would outnumber everything else: of these only where they lie and how far they stray.
const isBand = (name: string) => /^(mel|chroma)_/.test(name);
const isFollowed = (name: string) => /^(rms|loudness|mfcc_\d+)$/.test(name);

/** Columns that {@link summariseDescriptors} makes of one descriptor. */
function columnsOf(name: string): string[] {
  const spread = isBand(name) ? [] : ['min', 'max', ...percentiles.map((percent) => `p${percent}`)];
  const change = isFollowed(name) ? ['change_mean', 'change_deviation'] : [];
  return ['mean', 'deviation', ...spread, ...change].map((column) => `${name}_${column}`);
}

/**
 * Columns of {@link summariseDescriptors}: `sounding`, the part of the frames that are not silent; of each descriptor mean
 * and deviation over these frames; of all but the mel and chroma bands also minimum, maximum and percentiles 10, 25, 50, 75,
 * 90; of `rms`, `loudness` and the MFCC mean and deviation of the absolute change from frame to frame.
 */
export const summaryNames: readonly string[] = ['sounding', ...descriptorNames.flatMap(columnsOf)];

/**
 * One row of a sound: {@link summaryNames} with their numbers. Silent frames do not count, so neither does the silence that
 * sounds are filled up with. A sound that is silent throughout has `sounding` 0 and NaN, missing, for everything else;
 * without any frame `sounding` is missing, too.
 */
export function summariseDescriptors({ frames, values }: SoundDescriptors): Record<string, number> {
  const width = descriptorNames.length;
  const heard = Array.from({ length: frames }, (_, row) => row).filter((row) => !Number.isNaN(values[row * width]));
  const numbers = [heard.length / frames];
  descriptorNames.forEach((name, column) => {
    const at = (row: number) => values[row * width + column] as number;
    const sorted = Float64Array.from(heard, at).sort();
    numbers.push(...meanAndDeviation(sorted));
    if (!isBand(name)) {
      numbers.push(
        sorted[0] ?? Number.NaN,
        sorted.at(-1) ?? Number.NaN,
        ...percentiles.map((percent) => quantile(sorted, percent / 100)),
      );
    }
    if (isFollowed(name)) {
      const followed = heard.filter((row, i) => i > 0 && heard[i - 1] === row - 1);
      numbers.push(...meanAndDeviation(Float64Array.from(followed, (row) => Math.abs(at(row) - at(row - 1)))));
    }
  });
  return Object.fromEntries(summaryNames.map((name, i) => [name, numbers[i] as number]));
}

function meanAndDeviation(values: Float64Array): [mean: number, deviation: number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)];
}

/** Linear between neighbours, as numpy's default. */
function quantile(sorted: Float64Array, part: number): number {
  const place = part * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  return below + ((sorted[Math.ceil(place)] ?? Number.NaN) - below) * (place % 1);
}
