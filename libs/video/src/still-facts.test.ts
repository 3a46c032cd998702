import { writeFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { readContainerPromise } from './container-promise.ts';

/** A TIFF structure of orientation and times; Intel's byte order. */
function tiff(orientation: number, texts: Readonly<Record<number, string>>): Buffer {
  const u16 = (value: number) => [value & 255, value >> 8];
  const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)];
  const main = [
    u16(2),
    u16(0x0112),
    u16(3),
    u32(1),
    u32(orientation),
    u16(0x8769),
    u16(4),
    u32(1),
    u32(38),
    u32(0),
  ].flat();
  const entries = Object.entries(texts);
  let free = 38 + 2 + 12 * entries.length + 4;
  const exif: number[] = u16(entries.length);
  const data: number[] = [];
  for (const [tag, text] of entries) {
    const bytes = [...Buffer.from(`${text}\0`, 'latin1')];
    exif.push(...u16(Number(tag)), ...u16(2), ...u32(bytes.length));
    if (bytes.length <= 4) exif.push(...bytes, ...Array<number>(4 - bytes.length).fill(0));
    else {
      exif.push(...u32(free));
      data.push(...bytes);
      free += bytes.length;
    }
  }
  return Buffer.from([...Buffer.from('II'), ...u16(42), ...u32(8), ...main, ...exif, ...u32(0), ...data]);
}

function segment(marker: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255]), body]);
}
const exifOf = (structure: Buffer): Buffer => Buffer.concat([Buffer.from('Exif\0\0'), structure]);
const soi = Buffer.from([0xff, 0xd8]);
const picture = Buffer.concat([segment(0xda, Buffer.alloc(6)), Buffer.from([1, 2, 3, 0xff, 0, 4, 0xff, 0xd9])]);

async function promised(bytes: Buffer): Promise<{ time: string | undefined; orientation: unknown; complete: boolean }> {
  await using folder = await temporaryFolder();
  await writeFile(folder.join('still'), bytes);
  const { tags, orientation, complete } = await readContainerPromise(folder.join('still'));
  return { time: tags?.get('datetimeoriginal'), orientation, complete };
}

const taken = { 0x9003: '2021:06:05 04:03:02', 0x9011: '+01:00', 0x9291: '25' };

it.each([
  ['at the start', []],
  ['behind a fill byte', [Buffer.from([0xff])]],
  ['behind 192 KiB of profiles', [1, 2, 3].map(() => segment(0xe2, Buffer.alloc(65_000)))],
])('reads a JPEG that has its EXIF %s', async (_name, before) => {
  const jpeg = Buffer.concat([soi, ...before, segment(0xe1, exifOf(tiff(6, taken))), picture]);
  expect(await promised(jpeg)).toEqual({ time: '2021:06:05 04:03:02.25+01:00', orientation: 6, complete: true });
});

it('finds the end of a JPEG that is padded, and misses it where only a preview has one', async () => {
  const preview = segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), tiff(1, {}), soi, picture]));
  const whole = Buffer.concat([soi, preview, picture]);
  expect((await promised(Buffer.concat([whole, Buffer.alloc(300_000)]))).complete).toBe(true);
  expect((await promised(whole.subarray(0, whole.length - 2))).complete).toBe(false);
});

it('takes the next best time, and none where a camera writes blanks', async () => {
  const timeOf = async (texts: Record<number, string>) =>
    (await promised(Buffer.concat([soi, segment(0xe1, exifOf(tiff(1, texts))), picture]))).time;
  expect(await timeOf({ 0x9003: '    :  :     :  :  ', 0x9004: '2020:01:02 03:04:05' })).toBe('2020:01:02 03:04:05');
  expect(await timeOf({ 0x9003: '0000:00:00 00:00:00' })).toBeUndefined();
  // Not known, as the standard has it, and nonsense: the time stays.
  for (const zone of ['   :  ', '+2:00', 'local']) {
    expect(await timeOf({ 0x9003: '2020:01:02 03:04:05', 0x9011: zone })).toBe('2020:01:02 03:04:05');
  }
  const xmp = Buffer.from('http://ns.adobe.com/xap/1.0/\0<x exif:DateTimeOriginal="2021-06-05T04:03:02+02:00"/>');
  expect((await promised(Buffer.concat([soi, segment(0xe1, xmp), picture]))).time).toBe('2021-06-05T04:03:02+02:00');
});

it('reads TIFF, PNG and WebP', async () => {
  const chunk = (type: string, body: Buffer, big: boolean): Buffer => {
    const head = Buffer.alloc(8);
    head.write(type, big ? 4 : 0, 'latin1');
    if (big) head.writeUInt32BE(body.length);
    else head.writeUInt32LE(body.length, 4);
    return Buffer.concat([head, body, Buffer.alloc(big ? 4 : body.length & 1)]);
  };
  const png = [Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IDAT', Buffer.alloc(9), true)];
  const time = '2021:06:05 04:03:02.25+01:00';
  expect((await promised(tiff(1, taken))).time).toBe(time);
  expect((await promised(Buffer.concat([...png, chunk('eXIf', tiff(1, taken), true)]))).time).toBe(time);
  const text = Buffer.from('Creation Time\x002021-06-05 04:03:02', 'latin1');
  expect((await promised(Buffer.concat([...png, chunk('tEXt', text, true)]))).time).toBe('2021-06-05 04:03:02');
  const webp = [Buffer.from('RIFF\0\0\0\0WEBP', 'latin1'), chunk('VP8 ', Buffer.alloc(5), false)];
  expect((await promised(Buffer.concat([...webp, chunk('EXIF', tiff(1, taken), false)]))).time).toBe(time);
});

it('never throws on nonsense', async () => {
  const jpeg = Buffer.concat([soi, segment(0xe1, exifOf(tiff(6, taken))), picture]);
  for (let length = 12; length < jpeg.length; length++) await promised(jpeg.subarray(0, length));
  const wild = Buffer.from(jpeg);
  wild.fill(0xff, 20, 60);
  expect((await promised(wild)).complete).toBe(true);
});
