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
const context = { profile: 'laptop', reference: {}, capturedAt: undefined } as const;
const columns = (clip: ClipMetadata) => family.columns(clip, context);

describe('metadata columns', () => {
  it('measure size, length and bytes spent on change', () => {
    expect(columns(silent)).toMatchObject({
      ...{ bytes: 1e6, width: 100, height: 50, frames: 200, seconds: 10, fps: 20 },
      ...{ bytes_per_second: 1e5, bytes_per_megapixel: 1e6 },
    });
  });

  it('compare with the median of labelled clips of the same frame size', () => {
    const still = { ...silent, bytes: 500_000, durationSeconds: 0 };
    const reference = family.reference([
      silent,
      { ...silent, bytes: 4_000_000 },
      { ...silent, bytes: 3_000_000, durationSeconds: 100 },
      { ...still, width: 7 },
    ]);
    expect(JSON.parse(JSON.stringify(reference))).toEqual(reference);
    const compared = (clip: ClipMetadata) => family.columns(clip, { ...context, reference });
    expect(compared(silent)).toMatchObject({ bytes_to_size: 1 / 3, bytes_per_second_to_size: 1 });
    expect(compared(still)).toMatchObject({ bytes_to_size: 1 / 6, bytes_per_second_to_size: Number.NaN });
    expect(compared({ ...silent, width: 7 })).toMatchObject({ bytes_to_size: 2, bytes_per_second_to_size: Number.NaN });
    expect(compared({ ...silent, width: 8 })).toMatchObject({
      bytes_to_size: Number.NaN,
      bytes_per_second_to_size: Number.NaN,
    });
  });

  it('call sound missing where there is none, and never zero', () => {
    expect(columns(silent)).toMatchObject({
      audio: 0,
      audio_bytes: Number.NaN,
      audio_seconds: Number.NaN,
      audio_min: Number.NaN,
      audio_mean: Number.NaN,
    });
    expect(columns(loud)).toMatchObject({
      audio: 1,
      audio_bytes: 441_044,
      audio_seconds: 10,
      audio_min: -0.5,
      audio_max: 0.25,
      audio_mean: 0.01,
    });
  });

  it('call pictures missing where there is only sound', () => {
    const sound = columns({ ...loud, videoCodec: null, width: null, height: null, fps: null, frames: 0 });
    expect(sound).toMatchObject({
      width: Number.NaN,
      height: Number.NaN,
      frames: Number.NaN,
      bytes_per_megapixel: Number.NaN,
    });
    expect(sound).toMatchObject({ bytes_per_second: 1e5, audio: 1, audio_seconds: 10 });
    expect(Object.keys(sound)).toEqual(Object.keys(columns(silent)));
  });

  it('have the hour of capture, and in the competition profile the time but no rates', () => {
    const capturedAt = new Date('2014-06-01T18:30:00Z');
    expect(columns(loud)).toMatchObject({ capture_hour: Number.NaN, audio_sample_rate: 44_100 });
    expect(family.columns(loud, { ...context, capturedAt })).toMatchObject({ capture_hour: 18.5 });
    const competition = family.columns(loud, { ...context, profile: 'competition', capturedAt });
    expect(competition).toMatchObject({ capture_hour: 18.5, captured_at: 1_401_647_400 });
    expect(Object.keys(competition).filter((name) => /fps|rate/.test(name))).toEqual([]);
  });

  it("are the original's eleven where the settings of competition are given", () => {
    const settings = family.settings?.competition;
    const at = (second: number) => new Date(Date.UTC(2017, 5, 1, 0, 0, second));
    const reference = family.reference([loud], [{ clip: at(30) }, { clip: at(10), micro: at(20) }]);
    expect(JSON.parse(JSON.stringify(reference))).toEqual(reference);
    const of = (clip: ClipMetadata, modified = {}) =>
      family.columns(clip, { profile: 'competition', reference, capturedAt: undefined, settings, modified });
    const sized = { ...loud, audio: { ...loud.audio, bytes: 160_000 } as ClipMetadata['audio'] };
    expect(of(sized, { clip: at(30), micro: at(20) })).toEqual({
      ...{ bytes: 1_000_000, width: 100, height: 50, frames: 200 },
      ...{ modified_at: 1020, micro_modified_at: 1000 },
      ...{ audio_bytes: 160_000, audio_samples: 220_500, audio_min: -0.5, audio_max: 0.25, audio_mean: 0.01 },
    });
    expect(Object.keys(of(silent))).toHaveLength(11);
    expect(of(silent)).toMatchObject({
      ...{ modified_at: Number.NaN, micro_modified_at: Number.NaN },
      ...{ audio_bytes: 0, audio_samples: 0, audio_min: 0, audio_max: 0, audio_mean: 0 },
    });
  });

  it('have the same names for every clip, also for a still', () => {
    const still = columns({ ...silent, frames: 1, fps: 1, durationSeconds: 0 });
    expect(Object.keys(still)).toEqual(Object.keys(columns(loud)));
    expect(still['bytes_per_second']).toBeNaN();
  });
});
