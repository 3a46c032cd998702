import { readdir, readFile } from 'node:fs/promises';
import { UsageError } from '@primatrix/contracts';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { decodeAudio } from './decode-audio.ts';
import { encodeClip } from './encode-clip.ts';
import { ClipError } from './errors.ts';
import { inspectClip } from './inspect-clip.ts';
import { openFrames } from './open-frames.ts';
import { probeClip } from './probe-clip.ts';
import { writeWav } from './wav.ts';

const width = 64;
const height = 48;

/** Frames whose left half has brightness 4 * index, in a buffer that is used again. */
function* pictures(count: number): Generator<Uint8Array> {
  const frame = new Uint8Array(width * height * 3);
  for (let index = 0; index < count; index++) {
    for (let at = 0; at < frame.length; at++) frame[at] = (at / 3) % width < width / 2 ? 4 * index : 200;
    yield frame;
  }
}
const tone = Float32Array.from({ length: 22_050 }, (_, i) => 0.5 * Math.sin(i / 20));

it.each(['clip.mp4', 'clip.avi', '-x y:z\nü.mp4', '100%d%%.avi'])(
  'encodes %j so that it probes and decodes as it went in',
  async (name) => {
    await using folder = await temporaryFolder();
    const out = folder.join('new', name);
    await encodeClip({
      ...{ out, width, height, fps: 24, crf: 4, frames: pictures(30) },
      ...{ audio: { samples: tone, sampleRate: 22_050 }, creationTime: '2013-06-14T10:22:33Z' },
    });
    expect(await readdir(folder.join('new'))).toEqual([name]);
    const clip = await probeClip(out);
    expect(clip).toMatchObject({
      width,
      height,
      fps: 24,
      frames: 30,
      durationSeconds: 1.25,
      capturedAt: '2013-06-14T10:22:33Z',
    });
    expect(clip.videoCodec).toBe(name.endsWith('.mp4') ? 'h264' : 'mpeg4');
    expect(clip.audio).toMatchObject({ sampleRate: 22_050, channels: 1 });
    expect(clip.audio?.samples).toBeGreaterThanOrEqual(22_050);
    expect(clip.audio?.max).toBeCloseTo(0.5, 1);
    expect(clip.audio?.mean).toBeCloseTo(0, 2);
    const stream = await openFrames(out);
    for await (const frame of stream) {
      expect(Math.abs((frame.rgb()[3 * (5 * width + 5)] ?? 0) - 4 * frame.index)).toBeLessThanOrEqual(6);
      expect(frame.luma()).toHaveLength(width * height);
    }
    expect(await stream.outcome).toMatchObject({ status: 'ok', framesDecoded: 30, framesExpected: 30 });
  },
);

it('gives the same bytes for the same input', async () => {
  await using folder = await temporaryFolder();
  for (const name of ['a.mp4', 'b.mp4']) {
    await encodeClip({ out: folder.join(name), width, height, fps: 24, frames: pictures(12) });
  }
  expect(await readFile(folder.join('a.mp4'))).toEqual(await readFile(folder.join('b.mp4')));
});

it('leaves nothing behind when frames are wrong, the source throws, or the caller aborts', async () => {
  await using folder = await temporaryFolder();
  const out = folder.join('x.mp4');
  const options = { out, width, height, fps: 24, audio: { samples: tone, sampleRate: 22_050 } };
  await expect(encodeClip({ ...options, frames: [new Uint8Array(3)] })).rejects.toThrow(UsageError);
  const failing = function* (): Generator<Uint8Array> {
    yield* pictures(3);
    throw new Error('source broke');
  };
  await expect(encodeClip({ ...options, frames: failing() })).rejects.toThrow('source broke');
  const controller = new AbortController();
  const aborting = function* (): Generator<Uint8Array> {
    yield* pictures(3);
    controller.abort(new Error('enough'));
    yield* pictures(3);
  };
  await expect(encodeClip({ ...options, frames: aborting(), signal: controller.signal })).rejects.toThrow('enough');
  expect(await readdir(folder.path)).toEqual([]);
});

it.each([
  { out: 'x.mkv', width, height, fps: 24 },
  { out: 'x.mp4', width: 63, height, fps: 24 },
  { out: 'x.mp4', width, height: 0, fps: 24 },
  { out: 'x.mp4', width, height, fps: 0 },
])('refuses $out $width x $height at $fps', async (options) => {
  await expect(encodeClip({ ...options, frames: [] })).rejects.toThrow(UsageError);
});

it('reads sound files, resampled to one rate, and finds none in silent clips', async () => {
  await using folder = await temporaryFolder();
  const samples = Int16Array.from(tone, (value) => Math.round(value * 32_767));
  await writeWav(folder.join('a.wav'), samples, 22_050);
  expect(await decodeAudio(folder.join('a.wav'))).toEqual(samples);
  expect(await decodeAudio(folder.join('a.wav'), { sampleRate: 11_025 })).toHaveLength(11_025);
  expect(await inspectClip(folder.join('a.wav'))).toMatchObject({
    video: null,
    audio: { codec: 'pcm_s16le', sampleRate: 22_050 },
  });
  expect(await probeClip(folder.join('a.wav'))).toMatchObject({
    videoCodec: null,
    width: null,
    height: null,
    fps: null,
    frames: 0,
    durationSeconds: 1,
    audio: { samples: 22_050, channels: 1 },
  });
  await expect(openFrames(folder.join('a.wav'))).rejects.toMatchObject({ fault: 'no-video' });
  await encodeClip({ out: folder.join('silent.mp4'), width, height, fps: 24, frames: pictures(3) });
  expect(await decodeAudio(folder.join('silent.mp4'), { sampleRate: 22_050 })).toBeNull();
  await expect(decodeAudio(folder.join('none.wav'))).rejects.toThrow(ClipError);
});
