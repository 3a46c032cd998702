import { stat } from 'node:fs/promises';
import { keptRecordSchema, recordsInMemory, renamedRecord, type ClipPredictor, type FirstLevelRecord, type FirstLevelStage, type KeptRecord } from '@primatrix/pipeline';
import { DurableLog } from './durable-log.ts';
import type { FromWorker, ToWorker, WorkerClip } from './worker-messages.ts';

/** What predicts, in its two halves. */
export type LevelPredictor = Pick<ClipPredictor, 'firstLevel' | 'secondLevel'>;

/** Predictions that go in one message. */
const batch = 200;

/**
 * Predicts clips as they come, the way `predict` does: the first level one by one, each kept as soon as it is done; and
 * when no more wait, the second level over all clips of the sites that got new ones, because what stands before and
 * after a clip counts, and nothing of other sites does.
 */
export class ClipWorker implements AsyncDisposable {
  private readonly predictor: LevelPredictor;
  private readonly log: DurableLog<KeptRecord>;
  private readonly kept: Map<string, KeptRecord>;
  private readonly send: (message: FromWorker) => void;
  private readonly stopping = new AbortController();
  private waiting: WorkerClip[] = [];
  /** The request that was heard last. */
  private round = 0;
  /** Clips of this run and earlier ones whose first level is done, by id. */
  private readonly looked = new Map<string, { clip: WorkerClip; record: FirstLevelRecord }>();
  private running: Promise<void> = Promise.resolve();
  private busy = false;

  private constructor(predictor: LevelPredictor, log: DurableLog<KeptRecord>, kept: Map<string, KeptRecord>, send: (message: FromWorker) => void) {
    this.predictor = predictor;
    this.log = log;
    this.kept = kept;
    this.send = send;
  }

  /** @param records file that keeps the first level's records of this bundle */
  static async open(predictor: LevelPredictor, records: string, send: (message: FromWorker) => void): Promise<ClipWorker> {
    const kept = new Map<string, KeptRecord>();
    const log = await DurableLog.open(records, keptRecordSchema, (entry) => kept.set(entry.path, entry));
    return new ClipWorker(predictor, log, kept, send);
  }

  /** Takes clips, those that were predicted before cost nothing but their share of the second level; or forgets some. */
  take(message: ToWorker): void {
    if (message.type === 'forget') this.forget(new Set(message.ids));
    else this.predict(message);
  }

  private forget(ids: ReadonlySet<string>): void {
    for (const id of ids) this.looked.delete(id);
    this.waiting = this.waiting.filter(({ id }) => !ids.has(id));
  }

  private predict({ round, clips, known = [] }: Extract<ToWorker, { type: 'predict' }>): void {
    for (const clip of known) {
      const before = this.kept.get(clip.file.path);
      if (before !== undefined) this.looked.set(clip.id, { clip, record: renamedRecord(before.record, clip.file) });
    }
    this.round = round;
    this.waiting.push(...clips);
    if (this.busy) return;
    this.busy = true;
    this.running = this.run().catch((error: unknown) => {
      if (!this.stopping.signal.aborted) this.send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    }).finally(() => (this.busy = false));
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      const sites = new Set<string | null>();
      const asked = new Set<string>();
      for (let clip = this.waiting[0]; clip !== undefined; clip = this.waiting[0]) {
        const record = await this.firstLevel(clip);
        // Unless it was forgotten meanwhile.
        if (this.waiting[0] === clip) {
          this.waiting.shift();
          this.looked.set(clip.id, { clip, record });
          asked.add(clip.id);
        }
        sites.add(record.site);
      }
      await this.secondLevel(sites, asked);
    }
    this.send({ type: 'idle' });
  }

  private async secondLevel(sites: ReadonlySet<string | null>, asked: ReadonlySet<string>): Promise<void> {
    const { round } = this;
    this.send({ type: 'ensemble' });
    const started = performance.now();
    const some = [...this.looked.values()].filter(({ record }) => sites.has(record.site));
    const predictions = await this.predictor.secondLevel(recordsInMemory(some.map(({ record }) => record)), this.stopping.signal);
    const told = some.flatMap(({ clip: { id }, record: { metadata, capturedAt } }, i) => {
      const prediction = predictions[i];
      return prediction === undefined ? [] : [{ id, prediction, metadata, capturedAt }];
    });
    // Clips that were asked for come last: whoever breaks off between asks for them again, and so for all of their sites.
    told.sort((a, b) => Number(asked.has(a.id)) - Number(asked.has(b.id)));
    for (let start = 0; start < told.length; start += batch) this.send({ type: 'predictions', round, predictions: told.slice(start, start + batch) });
    this.send({ type: 'weighed', clips: some.length, seconds: (performance.now() - started) / 1000 });
  }

  private async firstLevel({ id, file, again, fromRecord }: WorkerClip): Promise<FirstLevelRecord> {
    const before = this.kept.get(file.path);
    // The card may have left the machine: what the nets said of it stays right.
    if (fromRecord === true && before !== undefined) return renamedRecord(before.record, file);
    const stamp = await stampOf(file.path);
    this.send({ type: 'starts', id });
    const started = performance.now();
    const known = again !== true && before?.stamp === stamp;
    const watch = { now: () => performance.now(), onStage: (stage: FirstLevelStage) => this.send({ type: 'stage', id, ...stage }) };
    const record = known ? renamedRecord(before.record, file) : await this.predictor.firstLevel(file, this.stopping.signal, watch);
    if (!known) {
      const entry = { path: file.path, stamp, record };
      await this.log.append([entry]);
      this.kept.set(file.path, entry);
    }
    const { outcome, metadata, capturedAt, nets } = record;
    this.send({ type: 'provisional', id, outcome, metadata, capturedAt, nets, seconds: known ? null : (performance.now() - started) / 1000 });
    return record;
  }

  /** Stops where it is; what was finished is kept. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.log[Symbol.asyncDispose]();
  }
}

async function stampOf(path: string): Promise<string> {
  const info = await stat(path, { bigint: true }).catch(() => undefined);
  return info === undefined ? 'missing' : `${info.size}-${info.mtimeNs}`;
}
