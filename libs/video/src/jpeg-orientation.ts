/** How a picture is to be turned to stand upright: EXIF's orientation, 1 (as it is) to 8. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const orientationTag = 0x0112;
const entryBytes = 12;

/**
 * Reads the orientation that a camera wrote into a JPEG (EXIF 2.3, 4.6.4.A), as OpenCV does when it reads one; 1 where there
 * is none, or nonsense.
 * @param head the first bytes of the file; EXIF lies within its first 64 KiB or so
 */
export function jpegOrientation(head: Buffer): Orientation {
  for (let at = 2; at + 4 <= head.length && head[at] === 0xff; at += 2 + head.readUInt16BE(at + 2)) {
    const isExif = head[at + 1] === 0xe1 && head.toString('latin1', at + 4, at + 10) === 'Exif\0\0';
    if (isExif) return tiffOrientation(head.subarray(at + 10, at + 2 + head.readUInt16BE(at + 2)));
  }
  return 1;
}

function tiffOrientation(tiff: Buffer): Orientation {
  if (tiff.length < 8) return 1;
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const u16 = (at: number): number =>
    at + 2 > tiff.length ? 0 : little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at);
  const directory = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  for (let i = 0; i < u16(directory); i++) {
    const entry = directory + 2 + i * entryBytes;
    if (u16(entry) !== orientationTag) continue;
    const value = u16(entry + 8);
    return value >= 1 && value <= 8 ? (value as Orientation) : 1;
  }
  return 1;
}

/** Whether turning upright swaps width and height. */
export function liesSideways(orientation: Orientation): boolean {
  return orientation >= 5;
}

/** ffmpeg's filters that turn a picture upright. */
export const uprightFilters: Readonly<Record<Orientation, readonly string[]>> = {
  1: [],
  2: ['hflip'],
  3: ['hflip', 'vflip'],
  4: ['vflip'],
  5: ['transpose=cclock_flip'],
  6: ['transpose=clock'],
  7: ['transpose=clock_flip'],
  8: ['transpose=cclock'],
};
