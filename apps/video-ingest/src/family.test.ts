import type { ClipMetadata } from '@primatrix/contracts';
import { describe, expect, it } from 'vitest';
import { family } from './family.ts';

const silent: ClipMetadata = {
  file: 'a.mp4',
  bytes: 1_000_000,
  sha256: '0'.repeat(64),
  container: 'avi',
  videoCodec: 'mpeg4',
  width: 100,
  height: 50,
  fps: 20,
  frames: 200,
  durationSeconds: 10,
  capturedAt: null,
  audio: null,
};
const loud: ClipMetadata = {
  ...silent,
  audio: { codec: 'mp3', sampleRate: 44_100, channels: 2, samples: 441_000, min: -0.5, max: 0.25, mean: 0.01 },
};

describe('metadata columns', () => {
  it('measure size, length and bytes spent on change', () => {
    expect(family.columns(silent)).toMatchObject({
      ...{ bytes: 1e6, width: 100, height: 50, frames: 200, seconds: 10 },
      ...{ bytes_per_second: 1e5, bytes_per_megapixel: 1e6 },
    });
  });

  it('call sound missing where there is none, and never zero', () => {
    expect(family.columns(silent)).toMatchObject({ audio: 0, audio_seconds: Number.NaN, audio_min: Number.NaN, audio_mean: Number.NaN });
    expect(family.columns(loud)).toMatchObject({ audio: 1, audio_seconds: 10, audio_min: -0.5, audio_max: 0.25, audio_mean: 0.01 });
  });

  it('call pictures missing where there is only sound', () => {
    const sound = family.columns({ ...loud, videoCodec: null, width: null, height: null, fps: null, frames: 0 });
    expect(sound).toMatchObject({ width: Number.NaN, height: Number.NaN, frames: Number.NaN, bytes_per_megapixel: Number.NaN });
    expect(sound).toMatchObject({ bytes_per_second: 1e5, audio: 1, audio_seconds: 10 });
    expect(Object.keys(sound)).toEqual(Object.keys(family.columns(silent)));
  });

  it('have the same names for every clip, also for a still', () => {
    const still = family.columns({ ...silent, frames: 1, fps: 1, durationSeconds: 0 });
    expect(Object.keys(still)).toEqual(Object.keys(family.columns(loud)));
    expect(still['bytes_per_second']).toBeNaN();
  });
});
