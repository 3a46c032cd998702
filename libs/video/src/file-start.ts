import type { FileKind } from './container-promise.ts';

/** How a file begins, by what ffprobe calls its format, of the formats that it finds behind other bytes, too. */
const starts: readonly (readonly [format: RegExp, start: RegExp])[] = [
  [/^mjpeg$/, /^ffd8/],
  [/^(h264|hevc|m4v|mpegvideo|mpeg)$/, /^(00)*000001/],
  // Packets of 188 bytes; on cards of camcorders with four bytes of time before each.
  [/^mpegts$/, /^(.{8})?47/],
  // A box of whatever name: makers have their own.
  [/\bmp4\b/, /^.{8}([2-7][0-9a-f]|a9){4}/],
];
const kinds: readonly (readonly [format: RegExp, kind: FileKind])[] = [
  [/^avi$/, 'avi'],
  [/^asf$/, 'asf'],
];

/**
 * Whether a file begins as its format does. ffmpeg searches the first thousands of bytes for one: what is damaged
 * there, or has lost its container, can still be read in part, and nobody knows what else there was.
 * @param head the first 16 bytes in hexadecimal
 */
export function beginsAsFormat(format: string, kind: FileKind, head: string): boolean {
  const start = starts.find(([name]) => name.test(format))?.[1];
  const wanted = kinds.find(([name]) => name.test(format))?.[1];
  return (start === undefined || start.test(head)) && (wanted === undefined || wanted === kind);
}
