import type { OwnModels } from '@primatrix/review-api';
import type { FromTraining, TrainedScore, TrainHandle } from './train-messages.ts';

interface RunningOptions {
  /** Done before the process is started. */
  readonly prepare: () => Promise<void>;
  readonly start: () => TrainHandle;
  /** Milliseconds. */
  readonly now: () => number;
  /** Called once. */
  readonly onEnd: (end: TrainingEnd) => void;
}

/** How a training ended. */
export type TrainingEnd =
  | { readonly state: 'done'; readonly score: TrainedScore }
  | { readonly state: 'stopped' }
  | { readonly state: 'failed'; readonly message: string };

/** Shares of the whole that must be done before the rest is estimated. */
const enoughToTell = 0.02;

/** A training in a process of its own, and how far it is. */
export class RunningTraining {
  readonly number: number;
  /** Settles once the process is started; rejects where that cannot be. */
  readonly begun: Promise<void>;
  end: TrainingEnd = {
    state: 'failed',
    message: 'the process that trains ended before it was done: train again, what was finished is not made again',
  };
  private handle: TrainHandle | undefined;
  private stopped = false;
  private readonly now: () => number;
  private done = 0;
  private at = '';
  private stages = { done: 0, all: 0 };
  /** Since when work goes on that was not known from before. */
  private since: { readonly at: number; readonly done: number } | undefined;

  constructor(number: number, { prepare, start, now, onEnd }: RunningOptions) {
    this.number = number;
    this.now = now;
    this.begun = prepare().then(
      () => {
        if (this.stopped) return onEnd({ state: 'stopped' });
        const handle = (this.handle = start());
        handle.onMessage((message) => this.take(message));
        handle.onExit(() => onEnd(this.stopped && this.end.state !== 'done' ? { state: 'stopped' } : this.end));
      },
      (error: Error) => {
        onEnd({ state: 'failed', message: error.message });
        throw error;
      },
    );
    // Who resumes a training waits for nobody.
    this.begun.catch(() => undefined);
  }

  progress(): Pick<OwnModels, 'done' | 'at' | 'stages' | 'secondsLeft'> {
    const { done, at, stages, since } = this;
    const gone = since === undefined ? 0 : done - since.done;
    const seconds = since === undefined ? 0 : (this.now() - since.at) / 1000;
    return { done, at, stages, secondsLeft: gone < enoughToTell ? null : (seconds / gone) * (1 - done) };
  }

  /** Asks the process to end; what it has finished stays. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.begun.catch(() => undefined);
    await this.handle?.stop();
  }

  private take(message: FromTraining): void {
    if (message.type === 'done') this.end = { state: 'done', score: message.score };
    else if (message.type === 'failed') this.end = { state: 'failed', message: message.message };
    else {
      ({ done: this.done, at: this.at, stages: this.stages } = message);
      if (message.known || this.since === undefined) this.since = { at: this.now(), done: message.done };
    }
  }
}
