import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClipError } from './errors.ts';
import { openFrames } from './open-frames.ts';
import { clip, clips, decode } from './real-clips.fixture.ts';
import { ffmpegPath } from './tools.ts';

let folder: TemporaryFolder;
beforeAll(async () => void (folder = await temporaryFolder()));
afterAll(() => folder.remove());

describe.skipIf(clips === '')('damaged clips (skipped without the shared data)', () => {
  const made = async (name: string, content: Buffer): Promise<string> => {
    await writeFile(folder.join(name), content);
    return folder.join(name);
  };
  const garbled = (source: Buffer, from: number, bytes: number): Buffer => {
    const copy = Buffer.from(source);
    for (let i = 0; i < bytes; i++) copy[from + i] = (i * 197 + (i >> 3)) & 255;
    return copy;
  };
  const mp4 = (): Buffer => readFileSync(clip('ACP'));
  const avi = (): Buffer => readFileSync(clip('chimpandsee_Kor'));
  const asf = (): Buffer => readFileSync(clip('chimpandsee_Trip'));

  it('fails on an MP4 whose index is cut off', async () => {
    const path = await made('cut.mp4', mp4().subarray(0, 700_000));
    await expect(openFrames(path)).rejects.toMatchObject({ fault: 'truncated' });
  });

  it('degrades an MP4 that breaks off after its index, to the frame', async () => {
    execFileSync(ffmpegPath(), [
      '-v',
      'error',
      '-i',
      clip('ACP'),
      '-c',
      'copy',
      '-movflags',
      '+faststart',
      folder.join('fast.mp4'),
    ]);
    const whole = readFileSync(folder.join('fast.mp4'));
    const half = await decode(await made('half.mp4', whole.subarray(0, whole.length / 2)));
    expect(half).toMatchObject({ status: 'degraded', fault: 'truncated', framesExpected: 360 });
    expect(half.framesDecoded).toBeGreaterThan(50);
    expect(half.framesDecoded).toBeLessThan(300);
    const tail = await decode(await made('tail.mp4', whole.subarray(0, whole.length - 3000)));
    expect(tail).toMatchObject({ status: 'degraded', fault: 'truncated' });
    expect(tail.reason).toContain(`decoded ${tail.framesDecoded} of 360 frames`);
  });

  it('degrades AVIs that break off, whatever their header counts', async () => {
    for (const prefix of ['chimpandsee_Kor', 'goualougo']) {
      const whole = readFileSync(clip(prefix));
      const cut = await decode(await made(`${prefix}.avi`, whole.subarray(0, whole.length * 0.6)));
      expect(cut).toMatchObject({ status: 'degraded', fault: 'truncated' });
      expect(cut.framesDecoded).toBeLessThan(cut.framesExpected ?? 0);
    }
  });

  it('calls an AVI that lost only its index ok: every frame is there', async () => {
    const path = await made('no-index.avi', avi().subarray(0, -100));
    expect(await decode(path)).toMatchObject({ status: 'ok', framesDecoded: 1089 });
  });

  it('degrades clips that are garbled or zeroed in the middle', async () => {
    for (const [name, source] of [
      ['a.mp4', mp4()],
      ['b.avi', avi()],
      ['c.asf', asf()],
    ] as const) {
      const middle = source.length >> 1;
      expect(await decode(await made(name, garbled(source, middle, 5000)))).toMatchObject({ status: 'degraded' });
      const zeroed = await decode(await made(name, Buffer.from(source).fill(0, middle, middle + 20_000)));
      expect(zeroed.status).toBe('degraded');
      expect(zeroed.framesDecoded).toBeGreaterThan(100);
    }
  });

  it('degrades an ASF shorter than its header says', async () => {
    const cut = await decode(await made('cut.asf', asf().subarray(0, asf().length >> 1)));
    expect(cut).toMatchObject({ status: 'degraded', fault: 'truncated', framesExpected: null });
  });

  it('fails on pictures of which nothing decodes, and on headers without sense', async () => {
    const zeros = Buffer.from(avi());
    zeros.fill(0, zeros.indexOf('movi') + 4, zeros.lastIndexOf('idx1'));
    expect(await decode(await made('zeros.avi', zeros))).toMatchObject({
      status: 'failed',
      framesDecoded: 0,
      framesExpected: 1089,
    });
    await expect(openFrames(await made('head.avi', garbled(avi(), 60, 200)))).rejects.toBeInstanceOf(ClipError);
  });
});
