import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFrames } from './open-frames.ts';
import { ffmpegPath } from './tools.ts';

let folder: TemporaryFolder;
beforeAll(async () => void (folder = await temporaryFolder()));
afterAll(() => folder.remove());

async function encoded(name: string, ...codec: string[]): Promise<Buffer> {
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=10:duration=1'];
  execFileSync(ffmpegPath(), ['-v', 'error', '-y', ...source, ...codec, folder.join(name)]);
  return readFile(folder.join(name));
}

async function outcomeOf(name: string, bytes: Buffer) {
  await writeFile(folder.join(name), bytes);
  const stream = await openFrames(folder.join(name));
  for await (const frame of stream) void frame;
  return stream.outcome;
}

describe('a file that begins with something else', () => {
  const formats = [
    ['h264', '-c:v', 'libx264'],
    ['ts', '-c:v', 'libx264'],
    ['m2ts', '-c:v', 'libx264'],
    ['mpg', '-c:v', 'mpeg2video'],
    ['m2v', '-c:v', 'mpeg2video', '-f', 'mpeg2video'],
    ['m4v', '-c:v', 'mpeg4', '-f', 'm4v'],
    ['mov', '-c:v', 'mjpeg'],
  ];
  it.each(formats)('does not concern a whole .%s', async (ending, ...codec) => {
    const whole = await encoded(`whole.${ending}`, ...codec, '-pix_fmt', 'yuv420p', '-bf', '0');
    expect(await outcomeOf(`whole.${ending}`, whole)).toMatchObject({ status: 'ok', framesDecoded: 10 });
  });

  it('is damaged, however well the rest can be read', async () => {
    const whole = await encoded('pictures.mov', '-c:v', 'mjpeg');
    const third = whole.indexOf(Buffer.from('ffd8ffe0', 'hex'), whole.length / 4);
    const tail = await outcomeOf('tail.mov', Buffer.concat([Buffer.alloc(300, 0x41), whole.subarray(third)]));
    expect(tail).toMatchObject({ status: 'degraded', fault: 'damaged' });
    expect(tail.framesDecoded).toBeGreaterThan(2);
    expect(tail.reason).toContain('the file begins with something else');
  });
});

it('an AVI of whose pictures more are found than it has is damaged', async () => {
  const whole = await encoded('whole.avi', '-c:v', 'mjpeg');
  expect(await outcomeOf('whole.avi', whole)).toMatchObject({ status: 'ok', framesExpected: 10 });
  const pictures = whole.indexOf('movi') + 4;
  // A card that was written twice: after the third chunk stands the start of another copy, and the index is gone.
  const first = whole.subarray(pictures, whole.indexOf('idx1'));
  const twice = Buffer.concat([whole.subarray(0, pictures), first, Buffer.alloc(64), first.subarray(0, -500)]);
  const found = await outcomeOf('twice.avi', twice);
  expect(found).toMatchObject({ status: 'degraded', fault: 'damaged', framesExpected: 10 });
  expect(found.framesDecoded).toBeGreaterThan(10);
  expect(found.reason).toContain('more than its container has');
  // A recorder that was switched off has not written yet how many there are.
  const off = Buffer.from(whole.subarray(0, whole.indexOf('idx1')));
  off.writeUInt32LE(1, whole.indexOf('vids') + 32);
  expect(await outcomeOf('off.avi', off)).toMatchObject({ status: 'ok', framesDecoded: 10 });
});
