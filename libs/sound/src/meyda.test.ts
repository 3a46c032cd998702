import { expect, it } from 'vitest';
import { amplitudeSpectrum, meydaFrame, meydaReference } from './meyda.ts';
import { frameSize } from './sound-frames.ts';

it.each([
  ['a tone', (i: number) => 9000 * Math.sin(i / 3)],
  ['noise', (i: number) => ((i * 48_271) % 20_011) - 10_000],
  ['a click', (i: number) => (i === 300 ? 32_767 : 0)],
  ['little', (i: number) => i % 2],
  ['silence', () => 0],
  ['a level', () => -32_768],
  ['a chirp', (i: number) => Math.round(30_000 * Math.sin((i * i) / 900))],
])('says of %s what meyda says, to the bit', (_name, wave) => {
  const frame = Float32Array.from({ length: frameSize }, (_, i) => wave(i));
  const reference = meydaReference(frame);
  expect(meydaFrame(frame)).toEqual(reference);
  expect(amplitudeSpectrum(frame)).toEqual(reference.amplitudeSpectrum);
});
