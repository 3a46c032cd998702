import type { ClipPrediction, FirstLevelRecord, FirstLevelRecords, InputFile } from '@primatrix/prediction';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it, vi } from 'vitest';
import { ClipWorker, type LevelPredictor } from './clip-worker.ts';
import type { FromWorker } from './worker-messages.ts';

const outcome = { status: 'ok', fault: null, reason: '', framesDecoded: 1, framesExpected: 1 } as const;
const clip = (id: string, site = 'ridge') => ({ id, file: { filename: id, path: `/nowhere/${id}`, site } });

/** What services are to the worker: answers come when the test says, in its order. */
class Elsewhere implements LevelPredictor {
  readonly asked: string[] = [];
  readonly weighed: string[][] = [];
  /** Whether the second level does its work. */
  works = true;
  private readonly answers = new Map<
    string,
    { give: (record: FirstLevelRecord) => void; refuse: (error: Error) => void; file: InputFile }
  >();

  firstLevel(file: InputFile, signal: AbortSignal): Promise<FirstLevelRecord> {
    this.asked.push(file.filename);
    return new Promise((give, refuse) => {
      this.answers.set(file.filename, { give, refuse, file });
      signal.addEventListener('abort', () => refuse(signal.reason as Error));
    });
  }

  answer(...names: string[]): void {
    for (const name of names) {
      const { give, file } = this.answers.get(name) ?? {};
      give?.({
        filename: name,
        site: file?.site ?? null,
        capturedAt: null,
        modifiedAt: null,
        outcome,
        metadata: null,
        rows: {},
        nets: {},
        padded: {},
      });
    }
  }

  refuse(name: string, reason: string): void {
    this.answers.get(name)?.refuse(new Error(reason));
  }

  secondLevel({ clips }: FirstLevelRecords): Promise<ClipPrediction[]> {
    if (!this.works) return Promise.reject(new Error('a stacker gave up'));
    this.weighed.push(clips.map(({ filename }) => filename));
    return Promise.resolve(
      clips.map(({ filename }) => ({ filename, sha256: null, outcome, probabilities: [1], members: {}, padded: {} })),
    );
  }
}

async function opened(atOnce: number) {
  const folder = await temporaryFolder();
  const elsewhere = new Elsewhere();
  const said: FromWorker[] = [];
  const worker = await ClipWorker.open(elsewhere, folder.join('records.jsonl'), (message) => said.push(message), {
    atOnce,
  });
  return {
    elsewhere,
    said,
    worker,
    asked: (count: number) => vi.waitUntil(() => elsewhere.asked.length === count),
    heard: (type: FromWorker['type'], count = 1) =>
      vi.waitUntil(() => said.filter((message) => message.type === type).length === count),
    async [Symbol.asyncDispose]() {
      await worker[Symbol.asyncDispose]();
      await folder.remove();
    },
  };
}

it('has so many clips on their way at once, takes those that come meanwhile, and weighs all in the order in which they came', async () => {
  await using one = await opened(3);
  const { worker, elsewhere } = one;
  worker.take({ type: 'predict', round: 1, clips: ['a', 'b', 'c', 'd'].map((id) => clip(id)) });
  await one.asked(3);
  elsewhere.answer('c');
  await one.asked(4);
  elsewhere.answer('d', 'b');
  worker.take({ type: 'predict', round: 2, clips: [clip('e')] });
  await one.asked(5);
  elsewhere.answer('e', 'a');
  await one.heard('idle');
  // The first three are looked up side by side, and any of them may be found first.
  expect(elsewhere.asked.slice(0, 3).toSorted()).toEqual(['a', 'b', 'c']);
  expect(elsewhere.asked.slice(3)).toEqual(['d', 'e']);
  expect(elsewhere.weighed).toEqual([['a', 'b', 'c', 'd', 'e']]);
});

it('looks at no clip twice at once, and forgets one that leaves while it is looked at', async () => {
  await using one = await opened(5);
  const { worker, elsewhere } = one;
  worker.take({ type: 'predict', round: 1, clips: [clip('a'), clip('b')] });
  await one.asked(2);
  worker.take({ type: 'predict', round: 2, clips: [{ ...clip('a'), again: true }] });
  worker.take({ type: 'forget', ids: ['b'] });
  elsewhere.answer('b', 'a');
  await one.asked(3);
  expect(elsewhere.weighed).toEqual([]);
  elsewhere.answer('a');
  await one.heard('idle');
  expect(elsewhere.asked).toEqual(['a', 'b', 'a']);
  expect(elsewhere.weighed).toEqual([['a']]);
});

it('stops all where one cannot go on, and takes up again with the next request what was left', async () => {
  await using one = await opened(2);
  const { worker, elsewhere } = one;
  worker.take({ type: 'predict', round: 1, clips: ['a', 'b', 'c'].map((id) => clip(id)) });
  await one.asked(2);
  elsewhere.answer('a');
  await one.asked(3);
  elsewhere.refuse('b', 'the disk is full');
  await one.heard('failed');
  expect(one.said.at(-1)).toEqual({ type: 'failed', message: 'the disk is full' });
  elsewhere.works = false;
  worker.take({ type: 'predict', round: 2, clips: [clip('d')] });
  await one.asked(5);
  elsewhere.answer('b', 'c');
  await one.asked(6);
  elsewhere.answer('d');
  await one.heard('failed', 2);
  expect(one.said.at(-1)).toEqual({ type: 'failed', message: 'a stacker gave up' });
  elsewhere.works = true;
  worker.take({ type: 'predict', round: 3, clips: [clip('x', 'river')] });
  await one.asked(7);
  elsewhere.answer('x');
  await one.heard('idle');
  expect(elsewhere.weighed).toEqual([['a', 'b', 'c', 'd', 'x']]);
});
