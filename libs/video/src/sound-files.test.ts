import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeAudio } from './decode-audio.ts';
import { encodeClip } from './encode-clip.ts';
import { inspectClip } from './inspect-clip.ts';
import { openFrames } from './open-frames.ts';
import { describeClip } from './probe-clip.ts';
import type { WantedSound } from './sound-files.ts';

const [width, height, sampleRate] = [64, 48, 16_000];
const frames = Array.from({ length: 12 }, (_, t) =>
  Uint8Array.from({ length: width * height * 3 }, (__, i) => (i * 7 + t * 30 + (i % 64) * t) % 256),
);
const samples = Float32Array.from({ length: sampleRate * 3 }, (_, i) => Math.sin(i / (3 + i / 4000)) / 2);
const wanted: readonly WantedSound[] = [
  { stream: 1, sampleRate },
  { stream: 'first', sampleRate: 22_050 },
];

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
  for (const name of ['whole.mp4', 'whole.avi']) {
    await encodeClip({ out: folder.join(name), width, height, fps: 4, frames, audio: { samples, sampleRate } });
  }
});
afterAll(() => folder.remove());
// Here, so that what stays behind is seen.
beforeEach(async () => {
  await mkdir(folder.join('tmp'), { recursive: true });
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, folder.join('tmp'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  expect(await readdir(folder.join('tmp'))).toEqual([]);
});

/** Every frame's grey, how decoding ended, and the sounds. */
async function decoded(path: string, sounds: readonly WantedSound[]) {
  const stream = await openFrames(path, { sounds, reuseBuffers: true });
  const pictures: string[] = [];
  for await (const { index, ...frame } of withLuma(stream)) pictures[index] = frame.grey;
  return { pictures, outcome: await stream.outcome, sounds: await stream.sounds };
}

async function* withLuma(stream: Awaited<ReturnType<typeof openFrames>>) {
  for await (const frame of stream) yield { index: frame.index, grey: Buffer.from(frame.luma()).toString('base64') };
}

async function damaged(name: string, spoil: (bytes: Buffer) => Buffer): Promise<string> {
  const path = folder.join(`damaged-${name}`);
  await writeFile(path, spoil(await readFile(folder.join(`whole.${name.split('.').at(-1)}`))));
  return path;
}

describe('sounds beside pictures', () => {
  it.each(['whole.mp4', 'whole.avi'])(
    'are those of %s decoded by themselves, and the pictures stay the same',
    async (name) => {
      const path = folder.join(name);
      const beside = await decoded(path, wanted);
      const alone = await decoded(path, []);
      expect(beside.outcome).toMatchObject({ status: 'ok', framesDecoded: 12 });
      expect(beside).toEqual({
        ...alone,
        sounds: [await decodeAudio(path, { sampleRate }), await decodeAudio(path, { sampleRate: 22_050 })],
      });
      expect(beside.sounds[1]?.length).toBeGreaterThan(60_000);
    },
  );

  it('describe a clip as its sound decoded by itself does', async () => {
    const inspection = await inspectClip(folder.join('whole.mp4'));
    const { sounds } = await decoded(inspection.path, wanted);
    const given = { samples: Promise.resolve(sounds[0] ?? null), soundBytes: true };
    const described = await describeClip(inspection, given);
    expect(described).toEqual(await describeClip(inspection, { soundBytes: true }));
    expect(described.audio?.max).toBeGreaterThan(0.4);
  });

  it.each([
    ['cut.avi', (bytes: Buffer) => bytes.subarray(0, bytes.length * 0.7)],
    // The format tag of the sound (WAVEFORMATEX): one that nobody knows.
    [
      'unknown-sound.avi',
      (bytes: Buffer) => {
        bytes.writeUInt16LE(0x7f7f, bytes.indexOf('strf', bytes.indexOf('auds')) + 8);
        return bytes;
      },
    ],
    ['noise.mp4', (bytes: Buffer) => bytes.fill(0x5a, bytes.length >> 2, bytes.length >> 1)],
    ['zeros.avi', (bytes: Buffer) => bytes.fill(0, bytes.length >> 2, bytes.length >> 1)],
  ])('of a clip with damage (%s) are left to be decoded by themselves', async (name, spoil) => {
    const path = await damaged(name, spoil);
    const { outcome, sounds } = await decoded(path, wanted);
    expect(outcome.status).not.toBe('ok');
    expect(sounds).toEqual([null, null]);
  });

  it('are left to be decoded by themselves where there is none, or no room for them', async () => {
    const path = folder.join('silent.mp4');
    await encodeClip({ out: path, width, height, fps: 4, frames });
    expect((await decoded(path, wanted)).sounds).toEqual([null, null]);
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, folder.join('nowhere'));
    const whole = await decoded(folder.join('whole.mp4'), wanted);
    expect(whole).toMatchObject({ outcome: { status: 'ok', framesDecoded: 12 }, sounds: [null, null] });
  });

  it('do not come where whoever looks leaves early', async () => {
    const stream = await openFrames(folder.join('whole.mp4'), { sounds: wanted });
    for await (const frame of stream) if (frame.index === 2) break;
    await expect(stream.outcome).rejects.toMatchObject({ code: 'VIDEO_STOPPED' });
    expect(await stream.sounds).toEqual([null, null]);
  });
});
