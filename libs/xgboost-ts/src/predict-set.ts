import { cString } from '@primatrix/boosting';
import type { Floats, MemoryList, PredictionType } from '@primatrix/boosting';
import { predictTypes } from './native/c-api.ts';
import type { XgboostThread } from './native/xgboost-thread.ts';

/** What to predict; `rounds` 0 means all, `training` that dropped trees are left out as the next round of `dart` wants it. */
export interface PredictionRequest {
  readonly type: PredictionType;
  readonly training: boolean;
  readonly rounds: number;
}

/** Predictions for a table in native memory. */
export function predictSet(
  thread: XgboostThread,
  booster: bigint,
  table: bigint,
  request: PredictionRequest,
): Promise<Floats> {
  const { arguments: out, reading } = outputs();
  return thread.read('XGBoosterPredictFromDMatrix', [booster, table, configuration(request), ...out], reading);
}

/** Predictions for a matrix where it lies, as `arrayInterface` describes it; types `probability` and `raw` only. */
export function predictInPlace(
  thread: XgboostThread,
  booster: bigint,
  matrix: MemoryList,
  request: PredictionRequest,
): Promise<Floats> {
  const { arguments: out, reading } = outputs();
  return thread.read('XGBoosterPredictFromDense', [booster, matrix, configuration(request), null, ...out], reading);
}

function outputs() {
  const [shape, dimensions, pointer] = [new BigUint64Array(1), new BigUint64Array(1), new BigUint64Array(1)];
  return { arguments: [shape, dimensions, pointer], reading: { kind: 'floats', pointer, shape, dimensions } as const };
}

function configuration({ type, training, rounds }: PredictionRequest): Uint8Array {
  return cString(
    `{"type": ${predictTypes[type]}, "training": ${training}, "iteration_begin": 0, "iteration_end": ${rounds}, "strict_shape": true, "cache_id": 0, "missing": NaN}`,
  );
}
