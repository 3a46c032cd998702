import { crc32 as nodeCrc32, deflateSync } from 'node:zlib';
import type { Picture } from '@primatrix/backbones';

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** A picture as a PNG file of 8-bit RGB (ISO/IEC 15948); the same bytes for the same picture and zlib. */
export function encodePng({ width, height, data }: Picture): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits a channel, RGB, deflate, adaptive filters, not interlaced.
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(filtered({ width, height, data }))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Each row less the row above it (filter 2, "up"), which is small where pictures are smooth. */
function filtered({ width, height, data }: Picture): Uint8Array {
  const row = width * 3;
  const out = new Uint8Array(height * (row + 1));
  for (let y = 0, o = 0; y < height; y++) {
    out[o++] = 2;
    for (let x = 0; x < row; x++) {
      out[o++] = (data[y * row + x] as number) - (y === 0 ? 0 : (data[(y - 1) * row + x] as number));
    }
  }
  return out;
}

function chunk(type: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(content.length, 0);
  frame.set(body, 4);
  frame.writeUInt32BE(nodeCrc32(body), body.length + 4);
  return frame;
}
