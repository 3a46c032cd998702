import { writeFile } from 'node:fs/promises';

/** Pictures of planes as they are stored: luma, then two of chroma, each a quarter of its size. */
export interface RawClip {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly frames: readonly Uint8Array[];
}

/** A chunk: its name, its length, and its content, to an even length. */
function chunk(name: string, content: Buffer): Buffer {
  const head = Buffer.from(`${name}....`, 'latin1');
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}

function list(name: string, ...parts: readonly Buffer[]): Buffer {
  return chunk('LIST', Buffer.concat([Buffer.from(name, 'latin1'), ...parts]));
}

function fields(...values: readonly (number | string)[]): Buffer {
  return Buffer.concat(
    values.map((value) => {
      if (typeof value === 'string') return Buffer.from(value, 'latin1');
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(value);
      return bytes;
    }),
  );
}

/** Writes an uncompressed AVI (I420): the same bytes on every machine, and the same pictures from every decoder. */
export async function writeRawAvi(path: string, { width, height, fps, frames }: RawClip): Promise<void> {
  const size = (width * height * 3) / 2;
  const count = frames.length;
  const hasIndex = 0x10;
  const main = fields(1_000_000 / fps, size * fps, 0, hasIndex, count, 0, 1, size, width, height, 0, 0, 0, 0);
  const stream = fields('vids', 'I420', 0, 0, 0, 1, fps, 0, count, size, 0xffffffff, 0, 0, width | (height << 16));
  const format = fields(40, width, height, 1 | (12 << 16), 'I420', size, 0, 0, 0, 0);
  const header = list('hdrl', chunk('avih', main), list('strl', chunk('strh', stream), chunk('strf', format)));
  const pictures = frames.map((frame) => chunk('00dc', Buffer.from(frame)));
  const index = frames.map((_, i) => fields('00dc', hasIndex, 4 + i * (8 + size), size));
  const content = [header, list('movi', ...pictures), chunk('idx1', Buffer.concat(index))];
  await writeFile(path, chunk('RIFF', Buffer.concat([Buffer.from('AVI ', 'latin1'), ...content])));
}
