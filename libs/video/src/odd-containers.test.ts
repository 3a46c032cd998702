import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { sharedData, temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserCopy } from './browser-copy.ts';
import { decodeAudio } from './decode-audio.ts';
import { openFrames } from './open-frames.ts';
import { probeClip } from './probe-clip.ts';
import { ffmpegPath, ffprobePath } from './tools.ts';

let folder: TemporaryFolder;
beforeAll(async () => void (folder = await temporaryFolder()));
afterAll(() => folder.remove());

function ffmpeg(...args: string[]): void {
  execFileSync(ffmpegPath(), ['-v', 'error', '-y', ...args], { stdio: ['ignore', 'ignore', 'ignore'] });
}

/** ffmpeg's moving test picture, ten a second. */
function moving(size: string, seconds = 3): string[] {
  return ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=10:duration=${seconds}`];
}
const h264 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p'];

async function outcomeOf(path: string): Promise<object> {
  const stream = await openFrames(path);
  for await (const frame of stream) void frame;
  return stream.outcome;
}

/** Replaces bytes of a file's copy. */
async function changed(from: string, name: string, change: (bytes: Buffer) => Buffer | void): Promise<string> {
  const bytes = await readFile(from);
  const path = folder.join(name);
  await writeFile(path, change(bytes) ?? bytes);
  return path;
}

describe('streams are chosen by what they hold', () => {
  it('takes the moving pictures behind a preview of one, and the larger of two that move', async () => {
    const preview = folder.join('preview.mov');
    ffmpeg(...moving('320x240', 0.1), '-frames:v', '1', '-c:v', 'mjpeg', preview);
    const path = folder.join('thumbnail-first.mov');
    const maps = ['-map', '0:v', '-map', '1:v'];
    ffmpeg('-i', preview, ...moving('96x64'), ...maps, '-c:v:0', 'copy', '-c:v:1', 'libx264', path);
    expect(await probeClip(path)).toMatchObject({ width: 96, height: 64, frames: 30, fps: 10, durationSeconds: 3 });
    expect(await outcomeOf(path)).toMatchObject({ status: 'ok', framesDecoded: 30, framesExpected: 30 });
    const two = folder.join('small-copy-first.mkv');
    ffmpeg(...moving('32x32'), ...moving('96x64', 2.9), ...maps, ...h264, two);
    expect(await probeClip(two)).toMatchObject({ width: 96, height: 64, frames: 29 });
  });

  it('takes the sound that decodes, and says so where none does', async () => {
    const sounds = [220, 440].flatMap((hertz) => ['-f', 'lavfi', '-i', `sine=frequency=${hertz}:duration=3`]);
    const plain = folder.join('two-sounds.mov');
    const maps = ['-map', '0:v', '-map', '1:a', '-map', '2:a'];
    ffmpeg(...moving('96x64'), ...sounds, ...maps, '-c:v', 'mjpeg', '-c:a', 'pcm_s16le', plain);
    const rename = (bytes: Buffer, times: number): void => {
      for (let at = bytes.indexOf('sowt'), done = 0; at >= 0 && done < times; at = bytes.indexOf('sowt', at), done++) {
        bytes.write('apac', at, 'latin1');
      }
    };
    const second = await changed(plain, 'first-is-apac.mov', (bytes) => rename(bytes, 1));
    expect((await probeClip(second)).audio).toMatchObject({ codec: 'pcm_s16le', samples: 132_300 });
    expect(await decodeAudio(second, { sampleRate: 22_050 })).toHaveLength(66_150);
    const none = await changed(plain, 'both-are-apac.mov', (bytes) => rename(bytes, 2));
    expect((await probeClip(none)).audio).toMatchObject({ samples: 0 });
    await expect(decodeAudio(none)).rejects.toMatchObject({ fault: 'damaged' });
    // Copies for watching have the sound that decodes, and pictures whatever the sound does.
    await browserCopy(second, folder.join('second.mp4'));
    expect(await probeClip(folder.join('second.mp4'))).toMatchObject({ frames: 30, audio: { codec: 'aac' } });
    await browserCopy(none, folder.join('none.mp4'));
    expect(await probeClip(folder.join('none.mp4'))).toMatchObject({ frames: 30, audio: null });
  });
});

describe('what is promised and what is counted are pictures', () => {
  it.each([
    ['the start', 1400, 2600, 78],
    ['the end', 0, 2000, 60],
    ['both', 1000, 2000, 60],
  ])('leaves out %s, as the edit list says', async (_name, start, length, frames) => {
    const whole = folder.join('whole.mp4');
    const source = ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=30:duration=4'];
    ffmpeg(...source, ...h264, '-g', '15', '-bf', '0', '-movflags', '+faststart', whole);
    const path = await changed(whole, `edit-${start}-${length}.mp4`, (bytes) => {
      const at = bytes.indexOf('elst');
      const timescale = bytes.readUInt32BE(bytes.indexOf('mdhd') + 16);
      bytes.writeUInt32BE(length, at + 12); // in units of the movie, 1/1000 s
      bytes.writeUInt32BE((start * timescale) / 1000, at + 16);
    });
    expect(await probeClip(path)).toMatchObject({ frames, fps: 30 });
    expect(await outcomeOf(path)).toMatchObject({ status: 'ok', framesDecoded: frames, framesExpected: frames });
    // Cut off: what the edit list leaves out is not missed, and what is missed is.
    const cut = await changed(path, `cut-${start}-${length}.mp4`, (bytes) => bytes.subarray(0, bytes.length * 0.6));
    expect(await outcomeOf(cut)).toMatchObject({ status: 'degraded', fault: 'truncated' });
  });

  it('counts pictures, not packets that say "as before"', async () => {
    const plain = folder.join('plain.avi');
    ffmpeg(...moving('96x64'), '-c:v', 'mpeg4', '-bf', '0', plain);
    const path = await changed(plain, 'not-coded.avi', notCoded);
    expect(await probeClip(path)).toMatchObject({ frames: 20 });
    expect(await outcomeOf(path)).toMatchObject({ status: 'ok', framesDecoded: 20, framesExpected: 20 });
  });

  it.each([
    ['h264', ...h264, '-bf', '3', '-x264-params', 'open-gop=1:keyint=10:min-keyint=10:scenecut=0:b-adapt=0'],
    ['mpeg2video', '-c:v', 'mpeg2video', '-bf', '2', '-g', '9'],
  ])('does not miss what a recording of %s that goes on from another cannot show', async (codec, ...options) => {
    const whole = folder.join(`whole-${codec}.ts`);
    ffmpeg(...moving('96x64', 5), ...options, whole);
    const list = execFileSync(
      ffprobePath(),
      ['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pos,flags', '-of', 'csv=p=0', whole],
      { encoding: 'utf8', env: { ...process.env, GCONV_PATH: '/nonexistent' } },
    );
    const keys = list.split('\n').filter((line) => line.includes('K'));
    const path = await changed(whole, `open-${codec}.ts`, (bytes) =>
      // The tables of the stream stand in its first packets.
      Buffer.concat([bytes.subarray(0, 188 * 3), bytes.subarray(Number.parseInt(keys[1] ?? '', 10))]),
    );
    const { frames } = await probeClip(path);
    expect(await outcomeOf(path)).toMatchObject({ status: 'ok', framesDecoded: frames, framesExpected: frames });
    expect(frames).toBeLessThan(45);
    expect(frames).toBeGreaterThan(30);
  });

  const fields = sharedData('..', 'cases', 'media', 'field-pictures-avchd', 'paff.ts') ?? '';
  it.skipIf(fields === '')('counts pictures that are coded as two fields (needs the shared cases)', async () => {
    expect(await probeClip(fields)).toMatchObject({ frames: 12 });
    expect(await outcomeOf(fields)).toMatchObject({ status: 'ok', framesDecoded: 12, framesExpected: 12 });
  });
});

describe('work, not what a header states, is limited', () => {
  it('takes a time lapse of a picture a minute, and a recording that goes on hours later', async () => {
    const lapse = folder.join('lapse.avi');
    const source = ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=1/60:duration=2400'];
    ffmpeg(...source, '-c:v', 'mjpeg', lapse);
    expect(await probeClip(lapse)).toMatchObject({ frames: 40, durationSeconds: 2400 });
    const parts = [0, 36_000].map((offset) => {
      const path = folder.join(`part-${offset}.ts`);
      ffmpeg(...moving('96x64', 2), ...h264, '-bf', '0', '-output_ts_offset', String(offset), path);
      return path;
    });
    const both = folder.join('both.ts');
    await writeFile(both, Buffer.concat(await Promise.all(parts.map((path) => readFile(path)))));
    const { frames, fps, durationSeconds } = await probeClip(both);
    expect([frames, fps, durationSeconds]).toEqual([40, 10, 4]);
    expect(await outcomeOf(both)).toMatchObject({ status: 'ok', framesDecoded: 40 });
  });

  it('decodes a still of 48 megapixels', async () => {
    const path = folder.join('large.jpg');
    ffmpeg(
      '-f',
      'lavfi',
      '-i',
      'color=size=8000x6000:rate=1:duration=1',
      '-frames:v',
      '1',
      '-pix_fmt',
      'yuvj420p',
      path,
    );
    expect(await probeClip(path)).toMatchObject({ width: 8000, height: 6000, frames: 1 });
    expect(await outcomeOf(path)).toMatchObject({ status: 'ok', framesDecoded: 1 });
  });
});

it.each([
  ['2005:08:17 11:42:43\n\0', '2005-08-17T11:42:43'],
  ['2001/ 1/27  1:42PM\0', '2001-01-27T13:42:00'],
  ['MON MAR 10 15:04:43 2003\n\0', '2003-03-10T15:04:43'],
  ['1970:01:01 00:00:09\n\0', null],
])('reads the time of an AVI whose chunk IDIT is %j', async (text, time) => {
  const plain = folder.join('no-time.avi');
  ffmpeg(...moving('96x64', 1), '-c:v', 'mjpeg', plain);
  const path = await changed(plain, 'idit.avi', (bytes) => {
    const list = bytes.indexOf('hdrl') - 8;
    const end = list + 8 + bytes.readUInt32LE(list + 4);
    const chunk = Buffer.concat([Buffer.from('IDIT\0\0\0\0', 'latin1'), Buffer.from(text.padEnd(26, '\0'), 'latin1')]);
    chunk.writeUInt32LE(26, 4);
    bytes.writeUInt32LE(bytes.readUInt32LE(list + 4) + chunk.length, list + 4);
    bytes.writeUInt32LE(bytes.readUInt32LE(4) + chunk.length, 4);
    return Buffer.concat([bytes.subarray(0, end), chunk, bytes.subarray(end)]);
  });
  expect(await probeClip(path)).toMatchObject({ frames: 10, capturedAt: time });
});

const hostile = sharedData('..', 'cases', 'security', 'media');
describe.skipIf(hostile === undefined)('files in disguise (needs the shared cases)', () => {
  it.each([
    ...['concat.mp4', 'dash.mp4', 'html.jpg', 'm3u8.mp4', 'sdp.mp4', 'svg.png'].map((name) => [name, 'not-media']),
    ...['bomb65k.png', 'wide.png', 'line.png', 'col.png'].map((name) => [name, 'too-large']),
    ['alis.mov', 'damaged'],
  ])('%s is %s', async (name, fault) => {
    await expect(probeClip(`${hostile}/${name}`)).rejects.toMatchObject({ fault });
  });
});

it.each([
  ['a short APP0', [0xff, 0xe0, 0, 4, 0x41, 0x42]],
  ['EXIF without sense', [0xff, 0xe1, 0, 16, ...Buffer.from('Exif\0\0II*\0'), 0xff, 0xff, 0xff, 0x7f]],
])('%s in each picture is no damage', async (_name, segment) => {
  const [plain, path] = [folder.join('mjpeg.mjpeg'), folder.join('segments.mjpeg')];
  ffmpeg(...moving('96x64', 1), '-c:v', 'mjpeg', '-f', 'mjpeg', plain);
  const parts = (await readFile(plain)).toString('latin1').split('\xff\xd8').slice(1);
  const start = Buffer.from([0xff, 0xd8, ...segment]).toString('latin1');
  await writeFile(path, Buffer.from(parts.map((part) => start + part).join(''), 'latin1'));
  const avi = `${path}.avi`;
  ffmpeg('-f', 'mjpeg', '-i', path, '-c', 'copy', avi);
  expect(await outcomeOf(avi)).toMatchObject({ status: 'ok', framesDecoded: 10, framesExpected: 10 });
});

/**
 * Turns every third picture of an MPEG-4 AVI into one that says "as before" (vop_coded 0), of the same chunk size or
 * less.
 */
function notCoded(bytes: Buffer): Buffer {
  const from = bytes.indexOf('movi') + 4;
  const index = bytes.indexOf('idx1', from);
  const chunks: { id: string; data: Buffer; flags: number }[] = [];
  for (let at = index + 8; at + 16 <= index + 8 + bytes.readUInt32LE(index + 4); at += 16) {
    const start = from - 4 + bytes.readUInt32LE(at + 8);
    const data = bytes.subarray(start + 8, start + 8 + bytes.readUInt32LE(at + 12));
    const vop = data.indexOf(Buffer.from([0, 0, 1, 0xb6]));
    const third = chunks.length % 3 === 2;
    // coding type P, no whole second, marker, time of 4 bits, marker, vop_coded 0, stuffing
    chunks.push({
      id: bytes.toString('latin1', at, at + 4),
      data: third ? Buffer.concat([data.subarray(vop, vop + 4), notCodedVop(data.subarray(vop + 4))]) : data,
      flags: third ? 0 : bytes.readUInt32LE(at + 4),
    });
  }
  const body: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 4;
  for (const { id, data, flags } of chunks) {
    const head = Buffer.alloc(8);
    head.write(id, 'latin1');
    head.writeUInt32LE(data.length, 4);
    const entry = Buffer.alloc(16);
    entry.write(id, 'latin1');
    [flags, offset, data.length].forEach((value, i) => entry.writeUInt32LE(value, 4 + 4 * i));
    entries.push(entry);
    body.push(head, data, Buffer.alloc(data.length % 2));
    offset += 8 + data.length + (data.length % 2);
  }
  const movi = Buffer.concat(body);
  const head = Buffer.from(bytes.subarray(0, from));
  head.writeUInt32LE(movi.length + 4, from - 8);
  const indexHead = Buffer.alloc(8);
  indexHead.write('idx1', 'latin1');
  indexHead.writeUInt32LE(16 * entries.length, 4);
  const file = Buffer.concat([head, movi, indexHead, ...entries]);
  file.writeUInt32LE(file.length - 8, 4);
  return file;
}

/**
 * The header of a VOP up to its time, then vop_coded 0 (ISO 14496-2, 6.2.5); the time has as many bits as ten a second
 * need.
 */
function notCodedVop(header: Buffer): Buffer {
  const bits = [...header.subarray(0, 6)].flatMap((byte) => Array.from({ length: 8 }, (_, i) => (byte >> (7 - i)) & 1));
  const seconds = bits.indexOf(0, 2) + 1;
  const kept = [...bits.slice(0, seconds + 1 + 4 + 1), 0, 0];
  kept[0] = 0;
  kept[1] = 1;
  while (kept.length % 8 !== 0) kept.push(1);
  return Buffer.from(
    Array.from({ length: kept.length / 8 }, (_, i) => Number.parseInt(kept.slice(8 * i, 8 * i + 8).join(''), 2)),
  );
}
