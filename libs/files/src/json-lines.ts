import type { FileHandle } from 'node:fs/promises';

/** Where a line lies in its file; the line break is not counted. */
export interface LinePlace {
  readonly offset: number;
  readonly bytes: number;
}

/** Bytes that are read at once. */
const pieceBytes = 1 << 20;
const lineBreak = 0x0a;

/**
 * The lines of a UTF-8 file one after the other, with one piece of it in memory: files may be longer than the longest
 * string.
 * @param torn whether what follows the last line break comes too, as a line that is not whole; else it is left out, as it
 *   was cut off while being written
 */
export async function* readLines(
  handle: FileHandle,
  { torn = false } = {},
): AsyncGenerator<{ readonly text: string; readonly place: LinePlace; readonly whole: boolean }> {
  const piece = Buffer.allocUnsafe(pieceBytes);
  let rest = Buffer.alloc(0);
  let offset = 0;
  let position = 0;
  for (;;) {
    const { bytesRead } = await handle.read(piece, 0, pieceBytes, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    const data = Buffer.concat([rest, piece.subarray(0, bytesRead)]);
    let start = 0;
    // A line is decoded when it is whole: a piece may end within a character.
    for (let end = data.indexOf(lineBreak); end >= 0; end = data.indexOf(lineBreak, start)) {
      const place = { offset, bytes: end - start };
      yield { text: data.toString('utf8', start, end), place, whole: true };
      offset += place.bytes + 1;
      start = end + 1;
    }
    rest = data.subarray(start);
  }
  if (torn && rest.length > 0) {
    yield { text: rest.toString('utf8'), place: { offset, bytes: rest.length }, whole: false };
  }
}

/** Reads one line that {@link readLines} has told the place of. */
export async function readLine(handle: FileHandle, { offset, bytes }: LinePlace): Promise<string> {
  const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(bytes), 0, bytes, offset);
  if (bytesRead !== bytes) {
    throw new RangeError(
      `files: a line must have ${bytes} bytes at ${offset}, got ${bytesRead}: the file was shortened while it was read`,
    );
  }
  return buffer.toString('utf8');
}
