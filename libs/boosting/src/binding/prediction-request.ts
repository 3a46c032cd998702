import type { ErrorMakers } from './errors.ts';
import type { Matrix } from './matrix.ts';
import type { ModelFacts } from './native-booster.ts';

const predictionTypes = ['probability', 'raw', 'leaf', 'contributions'] as const;

/** What `predict` computes; see the binding's `Booster.predict` for the shapes. */
export type PredictionType = (typeof predictionTypes)[number];

/** What of a model is asked for, and with how many threads. */
export interface PredictOptions {
  /** Default `probability`. */
  readonly type?: PredictionType;
  /** Use only the first rounds, at least 1. Default all the booster has. */
  readonly rounds?: number;
  /** Threads to use; default all cores. */
  readonly threads?: number;
}

/** What is to be predicted, defaults filled in; throws the binding's input error for what the model cannot predict. */
export function predictionRequest(
  model: ModelFacts,
  { columns }: Matrix,
  { type = 'probability', rounds = model.rounds }: PredictOptions,
  errors: ErrorMakers,
): { readonly type: PredictionType; readonly rounds: number } {
  if (!predictionTypes.includes(type)) {
    throw errors.input('type', `type must be one of ${predictionTypes.join(', ')}, got ${JSON.stringify(type)}`);
  }
  if (columns !== model.columns) {
    throw errors.input('columns', `the model was trained on ${model.columns} columns, got ${columns}`);
  }
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > model.rounds) {
    throw errors.input('rounds', `rounds must be a whole number from 1 to ${model.rounds}, got ${rounds}`);
  }
  return { type, rounds };
}
