import { setImmediate } from 'node:timers/promises';
import {
  soundSampleRate,
  soundSpectrogram,
  spectrogramBandHz,
  spectrogramBands,
  spectrogramColumns,
  spectrogramRange,
} from '@primatrix/sound';
import type { ClipSpectrogram } from '@primatrix/review-api';
import { decodeAudio, inspectClip } from '@primatrix/video';

/** Columns that are made in one go: a millisecond each, and then others have their turn. */
const atOnce = 10;

/** The spectrogram of a clip's sound, of at most `most` columns. */
export async function clipSpectrogram(path: string, most: number): Promise<ClipSpectrogram> {
  const { audio } = await inspectClip(path);
  const samples =
    (audio === null ? null : await decodeAudio(path, { sampleRate: soundSampleRate })) ?? new Int16Array();
  const columns = spectrogramColumns(samples.length, most);
  const levels = Buffer.alloc(columns * spectrogramBands);
  let column = 0;
  for (const made of soundSpectrogram(samples, columns)) {
    levels.set(made, column * spectrogramBands);
    column += 1;
    if (column % atOnce === 0) await setImmediate();
  }
  const bandHz = spectrogramBandHz.map((hz) => Math.round(hz));
  return {
    columns,
    seconds: samples.length / soundSampleRate,
    bandHz,
    range: spectrogramRange,
    levels: levels.toString('base64'),
  };
}
