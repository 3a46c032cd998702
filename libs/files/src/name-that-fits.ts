import { createHash } from 'node:crypto';
import { posix } from 'node:path';

/** Bytes that a file's name may have on the file systems of this world. */
const mostBytes = 255;

/**
 * A file's name with an ending. Where that is longer than a file system takes (a clip's own name may be just short
 * enough), the name is cut, and tells itself from its like by eight hexadecimal digits.
 * @param name may be a path with forward slashes; only its last part is cut
 */
export function nameThatFits(name: string, ending: string): string {
  const last = posix.basename(name);
  if (Buffer.byteLength(last + ending) <= mostBytes) return `${name}${ending}`;
  const digits = `~${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
  const room = mostBytes - Buffer.byteLength(digits + ending);
  // A character that is cut in two reads as U+FFFD.
  const kept = Buffer.from(last)
    .subarray(0, room)
    .toString('utf8')
    .replace(/\ufffd+$/, '');
  return `${name.slice(0, name.length - last.length)}${kept}${digits}${ending}`;
}
