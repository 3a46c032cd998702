import type { ReadAt } from './exif.ts';

const colourTable = 0x80;
const [extension, picture, trailer] = [0x21, 0x2c, 0x3b];
const windowBytes = 64 * 1024;

/** Whether a GIF's blocks (GIF 89a) lead to its trailer: newer ffmpegs take one that was cut off for a shorter one. */
export async function hasGifEnd(read: ReadAt, size: number): Promise<boolean> {
  let window = { start: 0, bytes: Buffer.alloc(0) };
  const byteAt = async (at: number): Promise<number | undefined> => {
    if (at < window.start || at >= window.start + window.bytes.length) {
      window = { start: at, bytes: Buffer.from(await read(at, windowBytes)) };
    }
    return window.bytes[at - window.start];
  };
  const tableBytes = (flags: number): number => ((flags & colourTable) === 0 ? 0 : 3 << ((flags & 7) + 1));
  let at = 13 + tableBytes((await byteAt(10)) ?? 0);
  while (at < size) {
    const block = await byteAt(at);
    if (block === trailer) return true;
    if (block === extension) at += 2;
    else if (block === picture) at += 11 + tableBytes((await byteAt(at + 9)) ?? 0);
    else return false;
    // Data lies in pieces of up to 255 bytes, the last of them empty.
    for (let length = await byteAt(at); ; length = await byteAt(at)) {
      if (length === undefined) return false;
      at += 1 + length;
      if (length === 0) break;
    }
  }
  return false;
}
