import { exifFacts, noExif, type ExifFacts, type ReadAt } from './exif.ts';

/** What a still says of itself beside its picture. */
export type StillFacts = ExifFacts & {
  /** False where the file ends before the picture does. */
  readonly complete: boolean;
};

// A file may have any number of segments before its picture; more than this is nobody's picture.
const mostParts = 10_000;
const exifMark = 'Exif\0\0';
const xmpMark = 'http://ns.adobe.com/xap/1.0/\0';
const largestXmp = 64 * 1024;
const pieceBytes = 256 * 1024;

/** A window of a file that begins at `start`. */
function from(read: ReadAt, start: number, size: number): ReadAt {
  return (at, bytes) =>
    at < 0 || at >= size ? Promise.resolve(Buffer.alloc(0)) : read(start + at, Math.min(bytes, size - at));
}

/** Both the same: the first that says something wins. */
function merged(before: ExifFacts, next: ExifFacts): ExifFacts {
  return {
    orientation: before.orientation === 1 ? next.orientation : before.orientation,
    takenAt: before.takenAt ?? next.takenAt,
  };
}

/** Reads a JPEG's segments, however many lie before the one that counts, and looks for the end of its picture. */
export async function jpegFacts(read: ReadAt, size: number): Promise<StillFacts> {
  let facts = noExif;
  let xmpTime: string | null = null;
  let at = 2;
  for (let parts = 0; parts < mostParts && at + 4 <= size; parts++) {
    const head = await read(at, 4 + xmpMark.length);
    if (head[0] !== 0xff) break;
    const marker = head[1] as number;
    // Any number of fill bytes may stand before a marker (ITU-T T.81, B.1.1.2).
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // Markers that stand alone.
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2;
      continue;
    }
    if (marker === 0xd9) return { ...facts, takenAt: facts.takenAt ?? xmpTime, complete: true };
    const length = head.readUInt16BE(2);
    if (length < 2) break;
    const isApp1 = marker === 0xe1;
    if (isApp1 && head.toString('latin1', 4, 10) === exifMark) {
      facts = merged(facts, await exifFacts(from(read, at + 10, length - 8)));
    } else if (isApp1 && head.toString('latin1', 4) === xmpMark) {
      xmpTime ??= xmpTimeOf(await read(at + 4 + xmpMark.length, length - 2 - xmpMark.length));
    }
    at += 2 + length;
    if (marker === 0xda) break; // the picture itself
  }
  return { ...facts, takenAt: facts.takenAt ?? xmpTime, complete: await hasJpegEnd(read, at, size) };
}

// In a picture's data 0xff is followed by 0 or a restart, so that this mark is its end. Cameras pad files behind it,
// and phones append whole clips. Before the picture it may be the end of a small preview.
async function hasJpegEnd(read: ReadAt, start: number, size: number): Promise<boolean> {
  let last = 0;
  for (let at = start; at < size; at += pieceBytes) {
    const piece = await read(at, pieceBytes);
    if (piece.length === 0) return false;
    if ((last === 0xff && piece[0] === 0xd9) || piece.includes(Buffer.from([0xff, 0xd9]))) return true;
    last = piece[piece.length - 1] as number;
  }
  return false;
}

/** Reads a PNG's chunks: `eXIf`, or an XMP or `Creation Time` text; the last is `IEND`. */
export async function pngFacts(read: ReadAt, size: number): Promise<StillFacts> {
  let facts = noExif;
  let complete = false;
  let textTime: string | null = null;
  for (let at = 8, parts = 0; !complete && at + 8 <= size; parts++) {
    if (parts === mostParts) return { ...facts, takenAt: facts.takenAt ?? textTime, complete: true };
    const head = await read(at, 8);
    if (head.length < 8) break;
    const [length, type] = [head.readUInt32BE(0), head.toString('latin1', 4, 8)];
    if (type === 'eXIf') facts = merged(facts, await exifFacts(from(read, at + 8, length)));
    else if (type === 'tEXt' || type === 'iTXt') {
      const text = await read(at + 8, Math.min(length, largestXmp));
      textTime ??= xmpTimeOf(text) ?? /^Creation Time\0+(.+)$/s.exec(text.toString('latin1'))?.[1] ?? null;
    } else if (type === 'IEND') complete = true;
    at += 12 + length;
  }
  return { ...facts, takenAt: facts.takenAt ?? textTime, complete };
}

/** Reads a WebP's chunks: `EXIF` and `XMP `, and whether it moves (`ANIM`). */
export async function webpFacts(read: ReadAt, size: number): Promise<StillFacts & { readonly animated: boolean }> {
  let facts = noExif;
  let animated = false;
  const stated = (await read(4, 4)).readUInt32LE(0);
  for (let at = 12, parts = 0; parts < mostParts && at + 8 <= size; parts++) {
    const head = await read(at, 8);
    if (head.length < 8) break;
    const [type, length] = [head.toString('latin1', 0, 4), head.readUInt32LE(4)];
    if (type === 'EXIF') {
      // Some writers put JPEG's mark before it.
      const marked = (await read(at + 8, exifMark.length)).toString('latin1') === exifMark ? exifMark.length : 0;
      facts = merged(facts, await exifFacts(from(read, at + 8 + marked, length - marked)));
    } else if (type === 'XMP ') {
      const xmpTime = xmpTimeOf(await read(at + 8, Math.min(length, largestXmp)));
      facts = { ...facts, takenAt: facts.takenAt ?? xmpTime };
    }
    animated ||= type === 'ANIM';
    at += 8 + length + (length & 1);
  }
  return { ...facts, animated, complete: size >= 8 + stated };
}

/** Reads a TIFF; its directory, which most programs write last, shows where it was cut off. */
export async function tiffFacts(read: ReadAt): Promise<StillFacts> {
  const head = await read(0, 8);
  if (head.length < 8) return { ...noExif, complete: false };
  const directory = head.toString('latin1', 0, 2) === 'II' ? head.readUInt32LE(4) : head.readUInt32BE(4);
  return { ...(await exifFacts(read)), complete: (await read(directory, 2)).length === 2 };
}

/** Whether a BMP has all its rows, as far as they are not compressed. */
export async function hasBmpEnd(read: ReadAt, size: number): Promise<boolean> {
  const head = await read(0, 34);
  if (head.length < 34 || head.readUInt32LE(14) < 40) return head.length === 34;
  const [width, height, bits] = [head.readInt32LE(18), head.readInt32LE(22), head.readUInt16LE(28)];
  const isPlain = head.readUInt32LE(30) % 3 === 0; // 0 and, with masks, 3
  return !isPlain || size >= head.readUInt32LE(10) + Math.ceil((width * bits) / 32) * 4 * Math.abs(height);
}

const xmpNames = ['exif:DateTimeOriginal', 'photoshop:DateCreated', 'xmp:CreateDate', 'exif:DateTimeDigitized'];

/** XMP states a value as an attribute or as an element. */
function xmpTimeOf(packet: Buffer): string | null {
  const text = packet.toString('utf8');
  for (const name of xmpNames) {
    const time = new RegExp(String.raw`${name}\s*(?:=\s*["']|>\s*)([^"'<]{4,40})`).exec(text)?.[1];
    if (time !== undefined) return time.trim();
  }
  return null;
}
