import { DurableLog, stampOf } from '@primatrix/files';
import {
  keptRecordSchema,
  recordsInMemory,
  renamedRecord,
  type ClipPredictor,
  type FirstLevelRecord,
  type FirstLevelStage,
  type InputFile,
  type KeptRecord,
  type StageWatch,
} from '@primatrix/prediction';
import type { TraceContext } from '@primatrix/telemetry';
import type { FromWorker, ToWorker, WorkerClip } from './worker-messages.ts';

/** What predicts, in its two halves. */
export interface LevelPredictor extends Pick<ClipPredictor, 'secondLevel'> {
  /** @param options whom to tell of each family; whether nothing that is kept elsewhere will do; and what the clip follows from */
  firstLevel(
    file: InputFile,
    signal: AbortSignal,
    options: StageWatch & { readonly again: boolean; readonly trace?: TraceContext | undefined },
  ): Promise<FirstLevelRecord>;
}

/** Predictions that go in one message. */
const batch = 200;

/** A clip that is being looked at. */
interface Looking {
  readonly clip: WorkerClip;
  /** Its clip has left the project meanwhile. */
  forgotten: boolean;
}

/**
 * Predicts clips as they come, the way `predict` does: the first level of one or several at once, each kept as soon as it
 * is done; and when no more wait, the second level over all clips of the sites that got new ones, because what stands
 * before and after a clip counts, and nothing of other sites does.
 */
export class ClipWorker implements AsyncDisposable {
  private readonly predictor: LevelPredictor;
  private readonly log: DurableLog<KeptRecord>;
  private readonly kept: Map<string, KeptRecord>;
  private readonly send: (message: FromWorker) => void;
  private readonly atOnce: number;
  private readonly stopping = new AbortController();
  private waiting: WorkerClip[] = [];
  /** By id: a clip that is asked for again meanwhile waits its turn. */
  private readonly looking = new Map<string, Looking>();
  /** The request that was heard last. */
  private round = 0;
  /** Clips of this run and earlier ones whose first level is done, by id. */
  private readonly looked = new Map<string, { clip: WorkerClip; record: FirstLevelRecord }>();
  /** Numbers clips as they came, in whatever order they are done: equal times stand in this order. */
  private readonly places = new Map<string, number>();
  private arrivals = 0;
  /** What the second level is to look at next; it stays where that fails. */
  private sites = new Set<string | null>();
  private asked = new Set<string>();
  private running: Promise<void> = Promise.resolve();
  private busy = false;
  private lastDone = 0;
  private wake: () => void = () => undefined;

  private constructor(
    predictor: LevelPredictor,
    log: DurableLog<KeptRecord>,
    kept: Map<string, KeptRecord>,
    send: (message: FromWorker) => void,
    atOnce: number,
  ) {
    this.predictor = predictor;
    this.log = log;
    this.kept = kept;
    this.send = send;
    this.atOnce = atOnce;
  }

  /**
   * @param records file that keeps the first level's records of this bundle
   * @param atOnce clips whose first level is under way at once
   */
  static async open(
    predictor: LevelPredictor,
    records: string,
    send: (message: FromWorker) => void,
    { atOnce = 1 } = {},
  ): Promise<ClipWorker> {
    const kept = new Map<string, KeptRecord>();
    const log = await DurableLog.open(records, keptRecordSchema, (entry) => kept.set(entry.path, entry));
    return new ClipWorker(predictor, log, kept, send, atOnce);
  }

  /** Takes clips, those that were predicted before cost nothing but their share of the second level; or forgets some. */
  take(message: ToWorker): void {
    if (message.type === 'forget') this.forget(new Set(message.ids));
    else this.predict(message);
  }

  private forget(ids: ReadonlySet<string>): void {
    for (const id of ids) {
      this.looked.delete(id);
      this.places.delete(id);
      const now = this.looking.get(id);
      if (now !== undefined) now.forgotten = true;
    }
    this.waiting = this.waiting.filter(({ id }) => !ids.has(id));
  }

  private predict({ round, clips, known = [] }: Extract<ToWorker, { type: 'predict' }>): void {
    for (const clip of known) {
      const before = this.kept.get(clip.file.path);
      if (before === undefined) continue;
      this.arrive(clip);
      this.looked.set(clip.id, { clip, record: renamedRecord(before.record, clip.file) });
    }
    for (const clip of clips) this.arrive(clip);
    this.round = round;
    this.waiting.push(...clips);
    this.wake();
    if (this.busy) return;
    this.busy = true;
    this.running = this.run()
      .catch((error: unknown) => {
        if (!this.stopping.signal.aborted) {
          this.send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
        }
      })
      .finally(() => (this.busy = false));
  }

  private arrive({ id }: WorkerClip): void {
    if (!this.places.has(id)) this.places.set(id, this.arrivals++);
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0 || this.sites.size > 0) {
      await this.lookAtAll();
      await this.secondLevel();
    }
    this.send({ type: 'idle' });
  }

  /** The first level of all that wait, and of those that come meanwhile. */
  private async lookAtAll(): Promise<void> {
    const failing = new AbortController();
    const signal = AbortSignal.any([this.stopping.signal, failing.signal]);
    for (;;) {
      const changed = new Promise<void>((resolve) => (this.wake = resolve));
      for (let next = this.next(); next !== undefined && !signal.aborted; next = this.next()) {
        this.look(next, signal).then(
          () => this.wake(),
          (error: unknown) => (failing.abort(error), this.wake()),
        );
      }
      if (this.looking.size === 0) break;
      await changed;
    }
    signal.throwIfAborted();
  }

  /** The first that waits and is not being looked at, while there is room for one more. */
  private next(): WorkerClip | undefined {
    return this.looking.size < this.atOnce ? this.waiting.find(({ id }) => !this.looking.has(id)) : undefined;
  }

  private async look(clip: WorkerClip, signal: AbortSignal): Promise<void> {
    this.waiting.splice(this.waiting.indexOf(clip), 1);
    const now: Looking = { clip, forgotten: false };
    this.looking.set(clip.id, now);
    try {
      const record = await this.firstLevel(clip, signal);
      this.sites.add(record.site);
      if (now.forgotten) return;
      this.looked.set(clip.id, { clip, record });
      this.asked.add(clip.id);
    } catch (error) {
      if (!now.forgotten) this.waiting.unshift(clip);
      throw error;
    } finally {
      this.looking.delete(clip.id);
    }
  }

  private async secondLevel(): Promise<void> {
    const { round, sites, asked, places } = this;
    this.send({ type: 'ensemble' });
    const started = performance.now();
    const some = [...this.looked.values()].filter(({ record }) => sites.has(record.site));
    some.sort((a, b) => (places.get(a.clip.id) ?? 0) - (places.get(b.clip.id) ?? 0));
    const predictions = await this.predictor.secondLevel(
      recordsInMemory(some.map(({ record }) => record)),
      this.stopping.signal,
    );
    const told = some.flatMap(({ clip: { id }, record: { metadata, capturedAt, backdrop } }, i) => {
      const prediction = predictions[i];
      return prediction === undefined ? [] : [{ id, prediction, metadata, capturedAt, backdrop }];
    });
    // Clips that were asked for come last: whoever breaks off between asks for them again, and so for all of their sites.
    told.sort((a, b) => Number(asked.has(a.id)) - Number(asked.has(b.id)));
    for (let start = 0; start < told.length; start += batch) {
      this.send({ type: 'predictions', round, predictions: told.slice(start, start + batch) });
    }
    this.send({ type: 'weighed', clips: some.length, seconds: (performance.now() - started) / 1000 });
    this.sites = new Set();
    this.asked = new Set();
  }

  private async firstLevel(
    { id, file, again, fromRecord, trace }: WorkerClip,
    signal: AbortSignal,
  ): Promise<FirstLevelRecord> {
    const before = this.kept.get(file.path);
    // The card may have left the machine: what the nets said of it stays right.
    if (fromRecord === true && before !== undefined) return renamedRecord(before.record, file);
    const stamp = await stampOf(file.path);
    this.send({ type: 'starts', id });
    const started = performance.now();
    const known = again !== true && before?.stamp === stamp;
    const options = {
      now: () => performance.now(),
      onStage: (stage: FirstLevelStage) => this.send({ type: 'stage', id, ...stage }),
      again: again === true,
      trace,
    };
    const record = known ? renamedRecord(before.record, file) : await this.predictor.firstLevel(file, signal, options);
    if (!known) {
      const entry = { path: file.path, stamp, record };
      await this.log.append([entry]);
      this.kept.set(file.path, entry);
    }
    const { outcome, metadata, capturedAt, nets, seen, heard } = record;
    const now = performance.now();
    // Of many at once, what each took would say nothing of how fast they come.
    const seconds = known ? null : (now - Math.max(started, this.lastDone)) / 1000;
    this.lastDone = now;
    this.send({ type: 'provisional', id, outcome, metadata, capturedAt, nets, seen, heard, seconds });
    return record;
  }

  /** Stops where it is; what was finished is kept. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.log[Symbol.asyncDispose]();
  }
}
