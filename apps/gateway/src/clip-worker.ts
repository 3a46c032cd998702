import { stat } from 'node:fs/promises';
import { firstLevelRecordSchema, recordsInMemory, renamedRecord, type ClipPredictor, type FirstLevelRecord } from '@primatrix/pipeline';
import { z } from 'zod';
import { DurableLog } from './durable-log.ts';
import type { FromWorker, WorkerClip } from './worker-messages.ts';

const keptRecordSchema = z.object({
  path: z.string(),
  /** Size and time of change: a file that was replaced since is looked at again. */
  stamp: z.string(),
  record: firstLevelRecordSchema,
});
type KeptRecord = z.infer<typeof keptRecordSchema>;

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
  private readonly waiting: WorkerClip[] = [];
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

  /**
   * Takes clips; those that were predicted before cost nothing but their share of the second level.
   * @param known clips that are not asked for, but stand beside those that are
   */
  predict(clips: readonly WorkerClip[], known: readonly WorkerClip[] = []): void {
    for (const clip of known) {
      const before = this.kept.get(clip.file.path);
      if (before !== undefined) this.looked.set(clip.id, { clip, record: renamedRecord(before.record, clip.file) });
    }
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
      for (let clip = this.waiting.shift(); clip !== undefined; clip = this.waiting.shift()) {
        const record = await this.firstLevel(clip);
        this.looked.set(clip.id, { clip, record });
        sites.add(record.site);
      }
      this.send({ type: 'ensemble' });
      const some = [...this.looked.values()].filter(({ record }) => sites.has(record.site));
      const predictions = await this.predictor.secondLevel(recordsInMemory(some.map(({ record }) => record)), this.stopping.signal);
      for (let start = 0; start < predictions.length; start += batch) {
        this.send({
          type: 'predictions',
          predictions: predictions.slice(start, start + batch).flatMap((prediction, i) => {
            const of = some[start + i];
            return of === undefined ? [] : [{ id: of.clip.id, prediction, metadata: of.record.metadata, capturedAt: of.record.capturedAt }];
          }),
        });
      }
    }
    this.send({ type: 'idle' });
  }

  private async firstLevel({ id, file }: WorkerClip): Promise<FirstLevelRecord> {
    const stamp = await stampOf(file.path);
    const before = this.kept.get(file.path);
    this.send({ type: 'starts', id });
    const started = performance.now();
    const known = before?.stamp === stamp;
    const record = known ? renamedRecord(before.record, file) : await this.predictor.firstLevel(file, this.stopping.signal);
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
