import { memoryList } from '@primatrix/boosting';
import type { LightgbmThread } from './lightgbm-thread.ts';

/** Longest name LightGBM is asked for at first; a longer one costs a second call. */
const usualNameBytes = 256;

/** Asks one of LightGBM's functions that fill a list of names; it tells when the room was too small. */
export async function readNames(
  thread: LightgbmThread,
  call: 'LGBM_BoosterGetEvalNames' | 'LGBM_BoosterGetFeatureNames',
  handle: bigint,
  count: number,
): Promise<string[]> {
  for (let size = usualNameBytes; ;) {
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
