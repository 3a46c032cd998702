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
const clip = (id: string) => ({ id, file: { filename: `${id}.mp4`, path: `/${id}.mp4` } });

function opened() {
  const puppets: Puppet[] = [];
  const lost: string[] = [];
  const sink: PredictionSink = { known: () => [clip('old')], provisional: () => undefined, predicted: () => Promise.resolve(), lost: (id) => Promise.resolve(void lost.push(id)), changed: () => undefined };
  const run = new PredictionRun(() => {
    puppets.push(new Puppet());
    return puppets.at(-1) as Puppet;
  }, sink);
  return { run, puppets, lost };
}

it('gives a clip at which the process dies another try, then gives it up and goes on with the others', async () => {
  const { run, puppets, lost } = opened();
  run.add([clip('a'), clip('bad'), clip('c')]);
  for (let death = 0; death < 2; death++) {
    puppets[death]?.say({ type: 'starts', id: 'bad' });
    puppets[death]?.die();
    await vi.waitUntil(() => puppets.length === death + 2);
  }
  expect(lost).toEqual(['bad']);
  expect(puppets[2]?.got).toEqual([{ type: 'predict', clips: [clip('a'), clip('c')], known: [clip('old')] }]);
  expect(run.state).toMatchObject({ stage: 'starting', trouble: null, left: 2 });
});

it('says so where the process ends while it is at no clip, and does not start it for ever', async () => {
  const { run, puppets } = opened();
  run.add([clip('a')]);
  puppets[0]?.die();
  await vi.waitUntil(() => run.state.stage === 'stopped');
  expect(run.state.trouble).toContain('nothing is lost');
  expect(puppets).toHaveLength(1);
});

it('estimates the time left from the last clips, and is idle when all are predicted', async () => {
  const { run, puppets } = opened();
  run.add([clip('a'), clip('b'), clip('c')]);
  const [worker] = puppets;
  worker?.say({ type: 'starts', id: 'a' });
  expect(run.state).toMatchObject({ stage: 'nets', current: 'a.mp4', secondsLeft: null });
  worker?.say({ type: 'provisional', id: 'a', outcome, metadata: null, capturedAt: null, nets: {}, seconds: 4 });
  expect(run.state).toMatchObject({ left: 2, secondsLeft: 8 });
  for (const id of ['b', 'c']) worker?.say({ type: 'provisional', id, outcome, metadata: null, capturedAt: null, nets: {}, seconds: 1 });
  worker?.say({ type: 'predictions', predictions: ['a', 'b', 'c'].map((id) => ({ id, metadata: null, capturedAt: null, prediction: { filename: id, sha256: null, outcome, probabilities: [1], members: {}, padded: {} } })) });
  worker?.say({ type: 'idle' });
  await vi.waitUntil(() => run.state.stage === 'idle');
  expect(run.state).toMatchObject({ left: 0, secondsLeft: null });
});
