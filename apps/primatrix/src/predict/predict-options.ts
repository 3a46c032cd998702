import type { LatePolicy } from '@primatrix/contracts';
import type { Device } from '@primatrix/onnx';
import type { ExchangeOptions } from '../exchange/exchange-options.ts';
import type { PredictionFormat } from '../exchange/prediction-formats.ts';

/** What `predict` is told. */
export interface PredictOptions extends ExchangeOptions {
  readonly bundle?: string;
  readonly model?: readonly string[];
  readonly models?: string;
  readonly labels?: string;
  /** A detector that leads the encoders among the models. */
  readonly lookWith?: string;
  /** Files of other programs' results. */
  readonly features?: readonly string[];
  readonly out: string;
  readonly format: PredictionFormat;
  readonly device: Device;
  readonly threads?: number;
  readonly timeOrder?: string;
  readonly remote?: true;
  readonly store?: string;
  readonly replicas?: number;
  readonly versions?: Readonly<Record<string, string>>;
  readonly withoutAfter?: LatePolicy;
  readonly wait?: number;
  readonly records?: string;
  readonly dryRun?: true;
  readonly json?: true;
}
