import type { ReadAt } from './exif.ts';

const segment = 0x18538067;

/** Whether a Matroska or WebM file is as long as its one segment says; one that was recorded live says nothing. */
export async function matroskaEnds(read: ReadAt, size: number): Promise<boolean> {
  const header = await lengthAt(read, 4);
  if (header?.value == null) return false;
  const at = header.end + header.value;
  const id = await read(at, 4);
  if (id.length < 4) return false;
  if (id.readUInt32BE(0) !== segment) return true;
  const body = await lengthAt(read, at + 4);
  return body !== null && (body.value === null || body.end + body.value <= size);
}

/** A length of EBML (RFC 8794, 4 and 6.2): as many bytes as its first has leading zeros and one; null: not known yet. */
async function lengthAt(
  read: ReadAt,
  at: number,
): Promise<{ readonly value: number | null; readonly end: number } | null> {
  const first = await read(at, 1);
  const length = Math.clz32(first[0] ?? 0) - 23;
  const bytes = await read(at, length);
  if (length > 8 || bytes.length < length) return null;
  const mark = 1n << BigInt(7 * length);
  const own = BigInt(`0x${bytes.toString('hex')}`) % mark;
  return { value: own === mark - 1n ? null : Number(own), end: at + length };
}
