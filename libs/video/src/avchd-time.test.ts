import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { probeClip } from './probe-clip.ts';
import { ffmpegPath } from './tools.ts';

let folder: TemporaryFolder;
let pictures: Buffer;
beforeAll(async () => {
  folder = await temporaryFolder();
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=10:duration=1'];
  const codec = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-bf', '0', '-bsf:v', 'h264_mp4toannexb'];
  execFileSync(ffmpegPath(), ['-v', 'error', ...source, ...codec, folder.join('plain.h264')]);
  pictures = await readFile(folder.join('plain.h264'));
});
afterAll(() => folder.remove());

/** A message of user data as camcorders write it (exiftool's H264.pm has the fields), before the first picture. */
function withTime(entries: readonly (readonly number[])[]): Buffer {
  const uuid = [...Buffer.from('17ee8c60f84d11d98cd60800200c9a66', 'hex'), ...Buffer.from('MDPM')];
  const content = [...uuid, entries.length, ...entries.flat()];
  const escaped: number[] = [];
  for (const byte of [0x06, 5, content.length, ...content, 0x80]) {
    if (byte <= 3 && escaped.at(-1) === 0 && escaped.at(-2) === 0) escaped.push(3);
    escaped.push(byte);
  }
  return Buffer.concat([Buffer.from([0, 0, 0, 1, ...escaped]), pictures]);
}

async function clip(bytes: Buffer, ending: string): Promise<string> {
  const [raw, path] = [folder.join('message.h264'), folder.join(`clip.${ending}`)];
  await writeFile(raw, bytes);
  execFileSync(ffmpegPath(), ['-v', 'error', '-y', '-f', 'h264', '-i', raw, '-c', 'copy', path]);
  return path;
}

it.each(['m2ts', 'ts'])('reads when a .%s of a camcorder was recorded', async (ending) => {
  const message = withTime([
    [0x13, 0, 0, 0, 0],
    [0x18, 0x82, 0x20, 0x24, 0x03],
    [0x19, 0x05, 0x04, 0x00, 0x00],
    [0x70, 1, 2, 3, 4],
  ]);
  expect(await probeClip(await clip(message, ending))).toMatchObject({ frames: 10, capturedAt: '2024-03-05T04:00:00' });
});

it.each([
  ['a clock that was never set', [0x18, 0x80, 0x19, 0x70, 0x01], [0x19, 0x01, 0x00, 0x00, 0x00]],
  ['no time', [0x18, 0x80, 0x20, 0x24, 0x03], [0x70, 0, 0, 0, 0]],
  ['no digits', [0x18, 0xff, 0xff, 0xff, 0xff], [0x19, 0xff, 0xff, 0xff, 0xff]],
])('takes %s for none', async (_name, date, time) => {
  expect(await probeClip(await clip(withTime([date, time]), 'm2ts'))).toMatchObject({ capturedAt: null });
});
