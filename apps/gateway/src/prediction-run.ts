import { fork, type ChildProcess } from 'node:child_process';
import type { ClipOutcome } from '@primatrix/contracts';
import type { Progress } from '@primatrix/review-api';
import type { FromWorker, ToWorker, WorkerClip, WorkerPrediction, WorkerSettings } from './worker-messages.ts';

/** What is done with what comes of prediction. */
export interface PredictionSink {
  /** Clips that have been predicted. */
  known(): readonly WorkerClip[];
  provisional(message: Extract<FromWorker, { type: 'provisional' }>): void;
  /** Settles once the predictions are kept. */
  predicted(predictions: readonly WorkerPrediction[]): Promise<void>;
  /** A clip at which the predicting process died again and again. */
  lost(id: string, outcome: ClipOutcome): Promise<void>;
  changed(): void;
}

/** Starts what predicts. */
export interface WorkerHandle {
  send(message: ToWorker): void;
  onMessage(listen: (message: FromWorker) => void): void;
  onExit(listen: () => void): void;
  stop(): Promise<void>;
}

/** How often the process may die at one clip. */
const tries = 2;
/** Clips by which the time left is estimated. */
const recent = 20;

/** Clips that wait for prediction, the process that predicts them, and how far it is. */
export class PredictionRun {
  private readonly start: () => WorkerHandle;
  private readonly sink: PredictionSink;
  private readonly waiting = new Map<string, WorkerClip>();
  private readonly deaths = new Map<string, number>();
  private readonly seconds: number[] = [];
  private worker: WorkerHandle | undefined;
  private closing = false;
  private keeping: Promise<void> = Promise.resolve();
  private current: string | null = null;
  private looked = 0;
  private stage: Progress['stage'] = 'idle';
  private trouble: string | null = null;
  warnings: readonly string[] = [];

  constructor(start: () => WorkerHandle, sink: PredictionSink) {
    this.start = start;
    this.sink = sink;
  }

  /** What is done, and how many clips the nets have not looked at. */
  get state(): Pick<Progress, 'stage' | 'current' | 'trouble' | 'secondsLeft'> & { readonly left: number } {
    const { stage, current, trouble, seconds } = this;
    const left = Math.max(0, this.waiting.size - this.looked);
    const mean = seconds.reduce((sum, value) => sum + value, 0) / seconds.length;
    return { stage, trouble, left, current: current === null ? null : (this.waiting.get(current)?.file.filename ?? null), secondsLeft: stage === 'idle' || seconds.length === 0 ? null : left * mean };
  }

  /** Adds clips; the process is started when there are any. */
  add(clips: readonly WorkerClip[]): void {
    if (clips.length === 0) return;
    for (const clip of clips) this.waiting.set(clip.id, clip);
    if (this.worker === undefined) this.startWorker();
    else this.worker.send({ type: 'predict', clips });
    this.sink.changed();
  }

  private startWorker(): void {
    const worker = (this.worker = this.start());
    this.stage = 'starting';
    this.trouble = null;
    this.looked = 0;
    worker.onMessage((message) => this.take(message));
    worker.onExit(() => void this.exited());
    worker.send({ type: 'predict', clips: [...this.waiting.values()], known: this.sink.known() });
  }

  private take(message: FromWorker): void {
    if (message.type === 'ready') this.warnings = message.warnings;
    else if (message.type === 'starts') {
      this.stage = 'nets';
      this.trouble = null;
      this.current = message.id;
    } else if (message.type === 'provisional') {
      this.looked += 1;
      this.current = null;
      if (message.seconds !== null) this.seconds.push(message.seconds);
      if (this.seconds.length > recent) this.seconds.shift();
      this.sink.provisional(message);
    } else if (message.type === 'ensemble') this.stage = 'ensemble';
    else if (message.type === 'predictions') {
      this.keeping = this.keeping.then(() => this.sink.predicted(message.predictions)).then(() => this.forget(message.predictions.map(({ id }) => id)), (error: Error) => this.fail(error.message));
    } else if (message.type === 'idle') {
      void this.keeping.then(() => {
        if (this.waiting.size === 0) this.stage = 'idle';
        this.sink.changed();
      });
    } else {
      this.fail(message.message);
    }
    this.sink.changed();
  }

  private forget(ids: readonly string[]): void {
    for (const id of ids) if (this.waiting.delete(id)) this.looked = Math.max(0, this.looked - 1);
    this.sink.changed();
  }

  private fail(message: string): void {
    this.stage = 'stopped';
    this.trouble = message;
    this.sink.changed();
  }

  /** The process has died: what it was at is tried again, but not for ever. */
  private async exited(): Promise<void> {
    this.worker = undefined;
    await this.keeping;
    if (this.closing || this.stage === 'stopped' || this.waiting.size === 0) return;
    const culprit = this.current;
    this.current = null;
    if (culprit === null) return this.fail('the predicting process ended; restart to go on: nothing is lost');
    const deaths = (this.deaths.get(culprit) ?? 0) + 1;
    this.deaths.set(culprit, deaths);
    if (deaths >= tries) {
      this.waiting.delete(culprit);
      await this.sink.lost(culprit, { status: 'failed', fault: 'internal', reason: `the predicting process died ${tries} times at this clip`, framesDecoded: 0, framesExpected: null });
    }
    if (this.waiting.size > 0) this.startWorker();
    else this.stage = 'idle';
    this.sink.changed();
  }

  /** Stops; clips that wait are predicted after the next start. */
  async close(): Promise<void> {
    this.closing = true;
    await this.worker?.stop();
    await this.keeping;
  }
}

/** Starts the predicting process. */
export function forkWorker(settings: WorkerSettings): WorkerHandle {
  const child: ChildProcess = fork(new URL('./worker-process.js', import.meta.url), [JSON.stringify(settings)], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  // Not `close`: it does not come where we have closed the channel ourselves.
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    send: (message) => void (child.connected && child.send(message)),
    onMessage: (listen) => void child.on('message', listen),
    onExit: (listen) => void child.once('exit', listen),
    async stop() {
      if (child.connected) child.disconnect();
      // A decoder may take a while to notice.
      const patience = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(patience);
    },
  };
}
