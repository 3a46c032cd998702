import { DurableLog, stampOf } from '@primatrix/files';
import { z } from 'zod';

const entrySchema = z.object({
  path: z.string(),
  /** Of the file, as {@link stampOf} gives it: another file has another vector. */
  stamp: z.string(),
  /** Float32, little-endian, in base64; null where the clip has no picture. */
  vector: z.base64().nullable(),
});
type Entry = z.infer<typeof entrySchema>;

/** Vectors of clips, by path: made once and kept, 2 kB a clip of 384 numbers. */
export class KeptVectors implements AsyncDisposable {
  private readonly log: DurableLog<Entry>;
  private readonly known: Map<string, { readonly stamp: string; readonly vector: Float32Array | null }>;

  private constructor(log: DurableLog<Entry>, known: KeptVectors['known']) {
    this.log = log;
    this.known = known;
  }

  static async open(path: string): Promise<KeptVectors> {
    const known: KeptVectors['known'] = new Map();
    const log = await DurableLog.open(
      path,
      entrySchema,
      (entry) => known.set(entry.path, { stamp: entry.stamp, vector: decoded(entry.vector) }),
      { cutTorn: true },
    );
    return new KeptVectors(log, known);
  }

  /** Of a clip; null where it has none. Undefined before it was looked at. */
  of(path: string): Float32Array | null | undefined {
    return this.known.get(path)?.vector;
  }

  /** A clip's vector, made where it is not kept, or its file is another one. @param make null: the clip has no picture */
  async get(path: string, make: () => Promise<Float32Array | null>): Promise<Float32Array | null> {
    const stamp = await stampOf(path).catch(() => undefined);
    const before = this.known.get(path);
    // The card may have left the machine: what was seen on it stays right.
    if (before !== undefined && (stamp === undefined || before.stamp === stamp)) return before.vector;
    if (stamp === undefined) return null;
    const vector = await make();
    await this.log.append([{ path, stamp, vector: vector === null ? null : encoded(vector) }]);
    this.known.set(path, { stamp, vector });
    return vector;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.log[Symbol.asyncDispose]();
  }
}

function encoded(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
}

function decoded(text: string | null): Float32Array | null {
  if (text === null) return null;
  const bytes = Buffer.from(text, 'base64');
  return new Float32Array(Uint8Array.from(bytes.subarray(0, bytes.length - (bytes.length % 4))).buffer);
}
