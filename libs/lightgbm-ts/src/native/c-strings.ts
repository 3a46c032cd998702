import { memoryList } from './native-thread.ts';
import type { NativeThread } from './native-thread.ts';

/** The text as UTF-8 with the closing zero that C wants. */
export function cString(text: string): Uint8Array {
  return Buffer.from(`${text}\0`, 'utf8');
}

/** Longest name LightGBM is asked for at first; a longer one costs a second call. */
const usualNameBytes = 256;

/** Asks one of LightGBM's functions that fill a list of names; it tells when the room was too small. */
export async function readNames(
  thread: NativeThread,
  call: 'LGBM_BoosterGetEvalNames' | 'LGBM_BoosterGetFeatureNames',
  handle: bigint,
  count: number,
): Promise<string[]> {
  for (let size = usualNameBytes; ; ) {
    const list = memoryList(Array.from({ length: count }, () => new Uint8Array(size)));
    const length = new Int32Array(1);
    const needed = new BigUint64Array(1);
    await thread.call(call, handle, count, length, size, needed, list);
    const longest = Number(needed[0]);
    if (longest <= size) {
      return list.memory.map((bytes) => Buffer.from(bytes.subarray(0, bytes.indexOf(0))).toString('utf8'));
    }
    size = longest;
  }
}
