import type { ClipOutcome } from '@primatrix/contracts';
import { expect, it, vi } from 'vitest';
import { PredictionRun, type PredictionSink, type WorkerHandle } from './prediction-run.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/** A process whose life the test decides. */
class Puppet implements WorkerHandle {
  readonly got: ToWorker[] = [];
  say: (message: FromWorker) => void = () => undefined;
  die: () => void = () => undefined;

  send(message: ToWorker): void {
    this.got.push(message);
  }

  onMessage(listen: (message: FromWorker) => void): void {
    this.say = listen;
  }

  onExit(listen: () => void): void {
    this.die = listen;
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

const outcome: ClipOutcome = { status: 'ok', fault: null, reason: '', framesDecoded: 1, framesExpected: 1 };
const looked = (id: string) =>
  ({ type: 'provisional', id, outcome, metadata: null, capturedAt: null, nets: {}, seconds: 3 }) as const;
const predicted = (ids: readonly string[], round: number) =>
  ({
    type: 'predictions',
    round,
    predictions: ids.map((id) => ({
      id,
      metadata: null,
      capturedAt: null,
      prediction: { filename: id, sha256: null, outcome, probabilities: [1], members: {}, padded: {} },
    })),
  }) as const;
const clip = (id: string) => ({ id, file: { filename: `${id}.mp4`, path: `/${id}.mp4` } });

function opened() {
  const puppets: Puppet[] = [];
  const alone: boolean[] = [];
  const lost: string[] = [];
  const kept: string[] = [];
  const sink: PredictionSink = {
    known: () => [clip('old')],
    provisional: () => undefined,
    predicted: (predictions) => Promise.resolve(void kept.push(...predictions.map(({ id }) => id))),
    lost: (id) => Promise.resolve(void lost.push(id)),
    changed: () => undefined,
  };
  const run = new PredictionRun(
    (oneAtATime) => {
      alone.push(oneAtATime);
      puppets.push(new Puppet());
      return puppets.at(-1) as Puppet;
    },
    sink,
    [
      { family: 'video-ingest', part: 'ingest' },
      { family: 'net-a', part: 'nets' },
      { family: 'ensemble', part: 'second-level' },
    ],
  );
  return { run, puppets, alone, lost, kept };
}

it('looks at one clip at a time once a process died with several under way, and so blames no other', async () => {
  const { run, puppets, alone, lost } = opened();
  run.add([clip('long'), clip('bad')]);
  puppets[0]?.say({ type: 'starts', id: 'long' });
  puppets[0]?.say({ type: 'starts', id: 'bad' });
  puppets[0]?.die();
  await vi.waitUntil(() => puppets.length === 2);
  puppets[1]?.say({ type: 'starts', id: 'long' });
  puppets[1]?.say(looked('long'));
  for (let death = 1; death < 3; death++) {
    puppets[death]?.say({ type: 'starts', id: 'bad' });
    puppets[death]?.die();
    await vi.waitUntil(() => puppets.length === death + 2);
  }
  expect(lost).toEqual(['bad']);
  expect(alone).toEqual([false, true, true, true]);
});

it('gives a clip at which the process dies another try, then gives it up and goes on with the others', async () => {
  const { run, puppets, lost } = opened();
  run.add([clip('a'), clip('bad'), clip('c')]);
  for (let death = 0; death < 2; death++) {
    puppets[death]?.say({ type: 'starts', id: 'bad' });
    puppets[death]?.die();
    await vi.waitUntil(() => puppets.length === death + 2);
  }
  expect(lost).toEqual(['bad']);
  expect(puppets[2]?.got).toEqual([{ type: 'predict', round: 1, clips: [clip('a'), clip('c')], known: [clip('old')] }]);
  expect(run.progress(4)).toMatchObject({ stage: 'starting', trouble: null, total: 4, done: 2 });
});

it('says so where the process ends while it is at no clip, and does not start it for ever', async () => {
  const { run, puppets } = opened();
  run.add([clip('a')]);
  puppets[0]?.die();
  await vi.waitUntil(() => run.progress(3).stage === 'stopped');
  expect(run.progress(3).trouble).toContain('nothing is lost');
  expect(puppets).toHaveLength(1);
});

it('has the second level look again at all clips after a change, and at those that came meanwhile', async () => {
  const { run, puppets } = opened();
  run.add([clip('a')]);
  puppets[0]?.say({ type: 'starts', id: 'a' });
  let change: () => void = () => undefined;
  const changing = new Promise<void>((resolve) => (change = resolve));
  const restarted = run.restart([clip('a'), clip('b')], () => changing);
  run.add([clip('c')]);
  change();
  await restarted;
  expect(puppets).toHaveLength(2);
  expect(puppets[1]?.got).toEqual([
    {
      type: 'predict',
      round: 3,
      clips: [clip('a'), clip('c'), { ...clip('b'), fromRecord: true }],
      known: [clip('old')],
    },
  ]);
  // What the one of before still has to say is of another bundle.
  puppets[0]?.say({ type: 'failed', message: 'late' });
  puppets[0]?.die();
  run.add([clip('d')]);
  expect(run.progress(4)).toMatchObject({ stage: 'starting', trouble: null });
  expect(puppets[1]?.got).toHaveLength(2);
});

it('estimates the time left from the last clips, and is idle when all are predicted', async () => {
  const { run, puppets } = opened();
  run.add([clip('a'), clip('b'), clip('c')]);
  const [worker] = puppets;
  worker?.say({ type: 'starts', id: 'a' });
  expect(run.progress(3)).toMatchObject({ stage: 'nets', current: 'a.mp4', secondsLeft: null });
  worker?.say({ type: 'provisional', id: 'a', outcome, metadata: null, capturedAt: null, nets: {}, seconds: 4 });
  expect(run.progress(3)).toMatchObject({ done: 1, secondsLeft: 8, clipsAMinute: 15 });
  for (const id of ['b', 'c']) {
    worker?.say({ type: 'provisional', id, outcome, metadata: null, capturedAt: null, nets: {}, seconds: 1 });
  }
  worker?.say({
    type: 'predictions',
    round: 1,
    predictions: ['a', 'b', 'c'].map((id) => ({
      id,
      metadata: null,
      capturedAt: null,
      prediction: { filename: id, sha256: null, outcome, probabilities: [1], members: {}, padded: {} },
    })),
  });
  worker?.say({ type: 'idle' });
  await vi.waitUntil(() => run.progress(3).stage === 'idle');
  expect(run.progress(3)).toMatchObject({ done: 3, secondsLeft: null, clipsAMinute: null });
});

it('tells of each family how many clips it is done with and what it costs a clip, and goes on with that over a death of the process', async () => {
  const { run, puppets } = opened();
  run.add([clip('a'), clip('b'), clip('c')]);
  const families = () =>
    run.progress(10).families.map(({ family, done, secondsAClip }) => [family, done, secondsAClip]);
  expect(families()).toEqual([
    ['video-ingest', 7, null],
    ['net-a', 7, null],
    ['ensemble', 7, null],
  ]);
  const look = (worker: Puppet | undefined, id: string, seconds: number) => {
    worker?.say({ type: 'starts', id });
    worker?.say({ type: 'stage', id, family: 'video-ingest', part: 'ingest', seconds });
  };
  look(puppets[0], 'a', 1);
  expect(families()).toEqual([
    ['video-ingest', 8, 1],
    ['net-a', 7, null],
    ['ensemble', 7, null],
  ]);
  puppets[0]?.say({ type: 'stage', id: 'a', family: 'net-a', part: 'nets', seconds: 0.5 });
  puppets[0]?.say(looked('a'));
  look(puppets[0], 'b', 9);
  puppets[0]?.say(looked('b'));
  look(puppets[0], 'c', 2);
  expect(families()).toEqual([
    ['video-ingest', 10, 2],
    ['net-a', 9, 0.5],
    ['ensemble', 7, null],
  ]);
  puppets[0]?.die();
  await vi.waitUntil(() => puppets.length === 2);
  expect(families()).toEqual([
    ['video-ingest', 7, 2],
    ['net-a', 7, 0.5],
    ['ensemble', 7, null],
  ]);
  for (const id of ['a', 'b', 'c']) puppets[1]?.say(looked(id));
  puppets[1]?.say({ type: 'weighed', clips: 4, seconds: 2 });
  puppets[1]?.say(predicted(['a', 'b', 'c'], 1));
  await vi.waitUntil(() => run.progress(10).families[2]?.done === 10);
  expect(families()[2]).toEqual(['ensemble', 10, 0.5]);
});

it('keeps no prediction that what was asked since has overtaken, and none of clips that were taken out', async () => {
  const { run, puppets, kept } = opened();
  run.add([clip('a'), clip('b'), clip('c')]);
  const [worker] = puppets;
  for (const id of ['a', 'b', 'c']) worker?.say(looked(id));
  // While the second level weighs them, c leaves: a and b were weighed beside it.
  run.remove(['c']);
  run.add([clip('a'), clip('b')], { weighOnly: true });
  expect(worker?.got.slice(1)).toEqual([
    { type: 'forget', ids: ['c'] },
    { type: 'predict', round: 2, clips: [clip('a'), clip('b')] },
  ]);
  worker?.say(predicted(['a', 'b'], 1));
  worker?.say({ type: 'idle' });
  await new Promise(setImmediate);
  expect([kept, run.progress(2).stage === 'idle']).toEqual([[], false]);
  worker?.say(predicted(['a', 'b'], 2));
  worker?.say({ type: 'idle' });
  await vi.waitUntil(() => run.progress(2).stage === 'idle');
  expect(kept).toEqual(['a', 'b']);
});
