import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClipError } from './errors.ts';
import { openFrames } from './open-frames.ts';
import { probeClip } from './probe-clip.ts';
import { ffmpegPath } from './tools.ts';

let folder: TemporaryFolder;
beforeAll(async () => void (folder = await temporaryFolder()));
afterAll(() => folder.remove());

async function made(name: string, ...codec: string[]): Promise<Buffer> {
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=10:duration=2'];
  execFileSync(ffmpegPath(), ['-v', 'error', '-y', ...source, ...codec, folder.join(name)], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  return readFile(folder.join(name));
}

async function outcomeOf(name: string, bytes: Buffer): Promise<object> {
  await writeFile(folder.join(name), bytes);
  try {
    const stream = await openFrames(folder.join(name));
    for await (const frame of stream) void frame;
    return await stream.outcome;
  } catch (error) {
    if (error instanceof ClipError) return error.outcome;
    throw error;
  }
}

const u32le = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer);
const u32be = (value: number): Buffer => u32le(value).reverse();
const share = (bytes: Buffer, percent: number): Buffer => bytes.subarray(0, (bytes.length * percent) / 100);
const whole = { status: 'ok', fault: null };

describe('a file that was cut off is to be copied again', () => {
  it.each(['png', 'bmp', 'tif'])('a .%s', async (ending) => {
    const still = await made(`still.${ending}`, '-frames:v', '1');
    expect(await outcomeOf(`still.${ending}`, still)).toMatchObject(whole);
    expect(await outcomeOf(`cut.${ending}`, share(still, 60))).toMatchObject({ fault: 'truncated' });
  });

  it('a WebP', async () => {
    const start = [Buffer.from('RIFF'), u32le(1000), Buffer.from('WEBPVP8 '), u32le(988), Buffer.alloc(200, 7)];
    expect(await outcomeOf('cut.webp', Buffer.concat(start))).toMatchObject({ status: 'failed', fault: 'truncated' });
  });

  it.each([1, 50, 99])('a Matroska file cut to %i %', async (percent) => {
    const mkv = await made('whole.mkv', '-c:v', 'libx264', '-pix_fmt', 'yuv420p');
    expect(await outcomeOf('whole.mkv', mkv)).toMatchObject(whole);
    expect(await outcomeOf('cut.mkv', share(mkv, percent))).toMatchObject({ fault: 'truncated' });
  });

  it('a transport stream, which has no table, in the middle of a packet', async () => {
    const ts = await made('whole.ts', '-c:v', 'libx264', '-pix_fmt', 'yuv420p');
    const packets = Math.floor(ts.length / 376) * 188;
    expect(await outcomeOf('cut.ts', ts.subarray(0, packets + 90))).toMatchObject({
      status: 'degraded',
      fault: 'truncated',
    });
    // What a recorder fills its last block up with is no packet.
    expect(await outcomeOf('filled.ts', Buffer.concat([ts, Buffer.alloc(90)]))).toMatchObject(whole);
  });

  it('an MP4 of which no picture is left', async () => {
    const mp4 = await made('f.mp4', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-movflags', 'faststart');
    const cut = mp4.subarray(0, mp4.indexOf('mdat') + 40);
    expect(await outcomeOf('none.mp4', cut)).toMatchObject({ status: 'failed', fault: 'truncated' });
  });

  it('a large AVI in its second part, whose index is that of the first', async () => {
    const avi = await made('one.avi', '-c:v', 'mjpeg');
    const [movi, index] = [avi.indexOf('movi'), avi.indexOf('idx1')];
    let half = movi + 4;
    for (let i = 0; i < 12; i++) half += 8 + avi.readUInt32LE(half + 4) + (avi.readUInt32LE(half + 4) & 1);
    const list = (id: string, type: string, ...parts: Buffer[]): Buffer => {
      const body = Buffer.concat([Buffer.from(type), ...parts]);
      return Buffer.concat([Buffer.from(id), u32le(body.length), body]);
    };
    const first = [avi.subarray(12, movi - 8), list('LIST', 'movi', avi.subarray(movi + 4, half))];
    const entries = [Buffer.from('idx1'), u32le(12 * 16), avi.subarray(index + 8, index + 8 + 12 * 16)];
    const second = list('RIFF', 'AVIX', list('LIST', 'movi', avi.subarray(half, index)));
    const large = Buffer.concat([list('RIFF', 'AVI ', ...first, ...entries), second]);
    expect(await outcomeOf('large.avi', large)).toMatchObject({ ...whole, framesDecoded: 20 });
    expect(await outcomeOf('cut.avi', large.subarray(0, -3000))).toMatchObject({
      ...{ status: 'degraded', fault: 'truncated', framesExpected: 20 },
    });
  });
});

describe('a whole file that this ffmpeg cannot read is neither cut off nor damaged nor without pictures', () => {
  const cannot = (reason: RegExp) => ({
    ...{ status: 'failed', fault: 'no-frames' },
    reason: expect.stringMatching(reason) as string,
  });

  it('an animated WebP, a HEIF picture', async () => {
    const animated = [Buffer.from('VP8X'), u32le(10), Buffer.from([2, 0, 0, 0, 95, 0, 0, 63, 0, 0])];
    const body = Buffer.concat([Buffer.from('WEBP'), ...animated, Buffer.from('ANIM'), u32le(6), Buffer.alloc(6)]);
    const webp = Buffer.concat([Buffer.from('RIFF'), u32le(body.length), body]);
    expect(await outcomeOf('moves.webp', webp)).toMatchObject(cannot(/animated WebP cannot be read .*convert it/));
    const heif = [
      u32be(24),
      Buffer.from('ftypheic\0\0\0\0mif1heic'),
      u32be(300),
      Buffer.from('meta'),
      Buffer.alloc(292),
    ];
    expect(await outcomeOf('IMG_1.jpg', Buffer.concat(heif))).toMatchObject(cannot(/HEIF picture cannot be read/));
  });

  it('a clip in a codec that nobody knows, with sound', async () => {
    const sound = ['-f', 'lavfi', '-i', 'sine=duration=2', '-c:a', 'aac'];
    const mp4 = await made('known.mp4', ...sound, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-movflags', 'faststart');
    mp4.write('encv', mp4.lastIndexOf('avc1'), 'latin1');
    expect(await outcomeOf('private.mp4', mp4)).toMatchObject(cannot(/its codec cannot be read by this ffmpeg/));
    expect(await probeClip(folder.join('private.mp4'))).toMatchObject({ videoCodec: 'unknown', width: 96, frames: 20 });
  });
});
