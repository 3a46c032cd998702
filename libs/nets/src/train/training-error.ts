import { PrimatrixError } from '@primatrix/contracts';

/** Where in a training something happened. */
export interface TrainingPlace {
  readonly net: string;
  readonly fold: string;
  /** From 1; 0 before the first. */
  readonly epoch: number;
  /** From 1 within the epoch; 0 outside of steps. */
  readonly step: number;
}

/**
 * A training that did not end well. Codes: `TRAINING_NAN` (loss is no number any more), `TRAINING_ABORTED` (by its
 * signal; the checkpoint is kept), `TRAINING_FAILED` (anything else, with its cause).
 */
export class TrainingError extends PrimatrixError {
  readonly place: TrainingPlace;

  constructor(
    code: 'TRAINING_NAN' | 'TRAINING_ABORTED' | 'TRAINING_FAILED',
    what: string,
    place: TrainingPlace,
    options: ErrorOptions & { hint?: string } = {},
  ) {
    super(
      code,
      `nets: training of ${place.net}, fold ${place.fold}, epoch ${place.epoch}, step ${place.step}: ${what}`,
      {
        ...options,
        fields: { ...place },
      },
    );
    this.place = place;
  }
}
