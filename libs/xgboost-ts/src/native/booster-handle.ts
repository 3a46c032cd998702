import { cString, NativeHandle } from '@primatrix/boosting';
import type { CFunction } from './c-api.ts';
import type { XgboostThread } from './xgboost-thread.ts';

/** XGBoost's two model formats: binary UBJSON and JSON text. */
export type ModelFormat = 'ubj' | 'json';

/** An empty booster. Of the tables it is made with it keeps the predictions from round to round. */
export async function createBooster(
  thread: XgboostThread,
  what: string,
  tables: readonly bigint[],
): Promise<NativeHandle<CFunction>> {
  const out = new BigUint64Array(1);
  await thread.call('XGBoosterCreate', BigUint64Array.from(tables), tables.length, out);
  return new NativeHandle<CFunction>(thread, what, out[0] ?? 0n, 'XGBoosterFree');
}

export async function loadInto(thread: XgboostThread, pointer: bigint, model: Uint8Array): Promise<void> {
  await thread.call('XGBoosterLoadModelFromBuffer', pointer, model, model.length);
}

export function modelBytes(thread: XgboostThread, pointer: bigint, format: ModelFormat): Promise<Uint8Array> {
  const [count, bytes] = [new BigUint64Array(1), new BigUint64Array(1)];
  return thread.read('XGBoosterSaveModelToBuffer', [pointer, cString(JSON.stringify({ format })), count, bytes], {
    kind: 'bytes',
    pointer: bytes,
    count,
  });
}

/** The first `rounds` rounds as a booster of their own. */
export async function slice(thread: XgboostThread, pointer: bigint, rounds: number): Promise<NativeHandle<CFunction>> {
  const out = new BigUint64Array(1);
  await thread.call('XGBoosterSlice', pointer, 0, rounds, 1, out);
  return new NativeHandle<CFunction>(thread, 'slice', out[0] ?? 0n, 'XGBoosterFree');
}
