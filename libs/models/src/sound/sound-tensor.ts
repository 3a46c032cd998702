import { LogMel, melFrames } from '@primatrix/sound/log-mel';
import type { SoundInput } from '../folder/sound-input.ts';

/** Axes of a model's input without the first, of looks of so many samples. */
export function soundShape(input: SoundInput, samples: number): number[] {
  if (input.form === 'samples') return input.layout === 'ns' ? [samples] : [1, samples];
  const { layout, mel } = input;
  const frames = melFrames(mel, samples);
  const plane = layout === 'nbt' || layout === 'n1bt' ? [mel.bins, frames] : [frames, mel.bins];
  return layout.startsWith('n1') ? [1, ...plane] : plane;
}

/** Writes one look as a model wants it, float32 of {@link soundShape}. */
export type SoundWriter = (window: Int16Array, out: Float32Array) => void;

/** What one look becomes for this model. */
export function soundWriter(input: SoundInput): SoundWriter {
  if (input.form === 'samples') {
    return (window, out) => window.forEach((sample, i) => (out[i] = sample / 32_768));
  }
  const { layout, mel: settings, rate } = input;
  const mel = new LogMel(settings, rate);
  if (layout === 'nbt' || layout === 'n1bt') return (window, out) => out.set(mel.of(window));
  return (window, out) => {
    const bands = mel.of(window);
    const frames = bands.length / settings.bins;
    for (let t = 0, o = 0; t < frames; t++) {
      for (let b = 0; b < settings.bins; b++) out[o++] = bands[b * frames + t] as number;
    }
  };
}
