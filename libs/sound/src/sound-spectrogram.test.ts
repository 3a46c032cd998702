import { expect, it } from 'vitest';
import { soundSampleRate } from './sound-frames.ts';
import {
  soundSpectrogram,
  spectrogramBandHz,
  spectrogramBands,
  spectrogramColumns,
  spectrogramRange,
} from './sound-spectrogram.ts';

const tone = (hz: number, amplitude: number, seconds: number) =>
  Int16Array.from(
    { length: soundSampleRate * seconds },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / soundSampleRate),
  );
const decibelsOf = (level: number) =>
  spectrogramRange.quietest + (level / 255) * (spectrogramRange.loudest - spectrogramRange.quietest);

it.each([
  [440, 32_767, 0],
  [2000, 32_767, 0],
  [2000, 327, -40],
  [6000, 3277, -20],
])('shows a tone of %i Hz and amplitude %i in its band, at its level', (hz, amplitude, expected) => {
  const columns = [...soundSpectrogram(tone(hz, amplitude, 1), 10)];
  expect(columns).toHaveLength(10);
  for (const column of columns) {
    const loudest = column.indexOf(Math.max(...column));
    const nearest = spectrogramBandHz
      .map((centre) => Math.abs(centre - hz))
      .reduce((best, distance, band, all) => (distance < (all[best] ?? 0) ? band : best), 0);
    expect(Math.abs(loudest - nearest)).toBeLessThanOrEqual(1);
    expect(Math.abs(decibelsOf(column[loudest] ?? 0) - expected)).toBeLessThan(4);
  }
});

it('shows a short click in one column only, and silence nowhere', () => {
  const samples = new Int16Array(soundSampleRate * 4);
  samples.fill(20_000, soundSampleRate * 3, soundSampleRate * 3 + 20);
  const columns = [...soundSpectrogram(samples, spectrogramColumns(samples.length, 40))];
  expect(columns).toHaveLength(40);
  const loud = columns.flatMap((column, i) => (column.some((level) => level > 0) ? [i] : []));
  expect(loud.length).toBeLessThanOrEqual(2);
  expect(loud).toContain(Math.floor((3 / 4) * 40));
});

it('has a column a frame where the sound is short, and none where there is none', () => {
  expect(
    [...soundSpectrogram(new Int16Array(2048), spectrogramColumns(2048, 600))].map(({ length }) => length),
  ).toEqual([spectrogramBands, spectrogramBands, spectrogramBands]);
  expect(spectrogramColumns(0, 600)).toBe(0);
});
