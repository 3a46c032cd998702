// Limited range: black is 16, white 235 (ITU-R BT.601). Rounded down, as swscale does: night clips, which have no
// colour, then give the very bytes of OpenCV's frames read as grey by Pillow.
const fullFromLimited = Uint8Array.from({ length: 256 }, (_, y) =>
  Math.max(0, Math.min(255, Math.floor(((y - 16) * 255) / 219))),
);

// Two samples at a time: half the memory accesses of a byte table, and 128 KiB still fit the processor's cache.
let pairTable: Uint16Array | undefined;

/** Widens limited-range luma (16..235) to 0..255, from `source` into `target` of the same length; they may be one. */
export function widenLuma(source: Uint8Array, target: Uint8Array): void {
  pairTable ??= Uint16Array.from(
    { length: 65_536 },
    (_, pair) => (fullFromLimited[pair >> 8]! << 8) | fullFromLimited[pair & 255]!,
  );
  const table = pairTable;
  let at = 0;
  if (source.byteOffset % 2 === 0 && target.byteOffset % 2 === 0) {
    const pairs = source.length >> 1;
    const from = new Uint16Array(source.buffer, source.byteOffset, pairs);
    const to = new Uint16Array(target.buffer, target.byteOffset, pairs);
    for (let i = 0; i < pairs; i++) to[i] = table[from[i]!]!;
    at = pairs * 2;
  }
  for (; at < source.length; at++) target[at] = fullFromLimited[source[at]!]!;
}

/** Grey of RGB as Pillow's mode L: [n * 3] to [n]. */
export function lumaFromRgb(rgb: Uint8Array): Uint8Array {
  const luma = new Uint8Array(rgb.length / 3);
  for (let i = 0, at = 0; i < luma.length; i++, at += 3) {
    luma[i] = (rgb[at]! * 19_595 + rgb[at + 1]! * 38_470 + rgb[at + 2]! * 7_471 + 0x8000) >> 16;
  }
  return luma;
}
