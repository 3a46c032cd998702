import type { ClipOutcome, Message } from '@primatrix/contracts';
import { smallClip } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import type { BundlePart } from '../parts/bundle-parts.ts';
import {
  askAgain,
  giveUp,
  isComplete,
  partsToAsk,
  readAnswer,
  recordOf,
  type ClipState,
  type PartAnswer,
} from './clip-state.ts';

const part = (stage: BundlePart['stage'], name: string, reads: string | null = null): BundlePart => ({
  stage,
  family: name,
  name,
  version: '1.0.0',
  release: 'r',
  modelDigest: null,
  contract: '',
  reads,
});
const parts = [
  part('ingest', 'ingest'),
  part('features', 'dots'),
  part('features', 'sound'),
  part('nets', 'net-dots', 'dots'),
  part('nets', 'net-sound', 'sound'),
  part('stack', 'stack'),
];
const producer = { name: 'test', version: '1.0.0', modelDigest: null };
const tensor = { uri: 'file:x#data', dtype: 'float32' as const, shape: [1], sha256: 'a'.repeat(64), bytes: 8 };
const metadata = smallClip('b'.repeat(64));
const seen: ClipOutcome = { status: 'ok', fault: null, reason: '', framesDecoded: 3, framesExpected: 3 };
const unheard: ClipOutcome = {
  status: 'degraded',
  fault: 'damaged',
  reason: 'no sound decodes',
  framesDecoded: 0,
  framesExpected: null,
};

const ingested: PartAnswer = { producer, metadata, outcome: null };
const looked = (outcome: ClipOutcome = seen): PartAnswer => ({
  producer,
  tensor,
  outcome,
  looked: true,
  listened: false,
  row: { n: 1 },
});
const deaf: PartAnswer = {
  producer,
  tensor: undefined,
  outcome: unheard,
  looked: false,
  listened: true,
  row: undefined,
};
const policyOf = (withoutAfterMs: number | null, parts: Record<string, number | null> = {}): ClipState['policy'] => ({
  withoutAfterMs,
  parts,
  by: 'request',
  since: 1_000,
});
const state = (answers: Record<string, PartAnswer>, policy = policyOf(null)): ClipState => ({
  id: 'i',
  datasetId: 'd',
  clipId: 'b'.repeat(64),
  clip: { uri: 'file:///x', sha256: 'b'.repeat(64), bytes: 1 },
  filename: 'x',
  site: null,
  capturedAt: null,
  round: 0,
  keep: true,
  policy,
  releases: {},
  answers,
  again: {},
});
const asked = (answers: Record<string, PartAnswer>) => partsToAsk(parts, state(answers)).map(({ name }) => name);
const recordWith = (answers: Record<string, PartAnswer>, policy = policyOf(null)) =>
  recordOf(parts, state(answers, policy), new Map([['net-dots', Float64Array.of(0.5)]]));

describe('partsToAsk', () => {
  it('asks ingest, then the features, then each net whose features are there', () => {
    expect(asked({})).toEqual(['ingest']);
    expect(asked({ ingest: ingested })).toEqual(['dots', 'sound']);
    expect(asked({ ingest: ingested, dots: looked() })).toEqual(['sound', 'net-dots']);
    expect(asked({ ingest: ingested, dots: looked(), sound: deaf })).toEqual(['net-dots']);
    expect(asked({ ingest: { producer, metadata: null, outcome: seen } })).toEqual([]);
  });
});

describe('isComplete', () => {
  it('waits for all features, and for the nets unless the clip failed', () => {
    const done = (answers: Record<string, PartAnswer>) => isComplete(parts, state(answers));
    expect(done({ ingest: ingested, dots: looked(), 'net-dots': { producer, tensor, padding: null } })).toBe(false);
    expect(done({ ingest: ingested, dots: looked(), sound: deaf })).toBe(false);
    expect(
      done({ ingest: ingested, dots: looked(), sound: deaf, 'net-dots': { producer, tensor, padding: null } }),
    ).toBe(true);
    expect(
      done({ ingest: ingested, dots: looked({ ...seen, status: 'failed', fault: 'no-frames' }), sound: deaf }),
    ).toBe(true);
    expect(done({ ingest: { missing: 'gone' } })).toBe(true);
    expect(isComplete(parts, giveUp(parts, state({ ingest: ingested }, policyOf(500)), 1_500))).toBe(true);
  });
});

describe('giveUp and askAgain', () => {
  it('give up each part at its own time', () => {
    const waits = state({ ingest: ingested }, policyOf(500, { dots: 800, 'net-sound': null }));
    expect(giveUp(parts, waits, 1_499)).toBe(waits);
    const first = giveUp(parts, waits, 1_500);
    expect(Object.keys(first.answers)).toEqual(['ingest', 'sound', 'net-dots']);
    expect(isComplete(parts, first)).toBe(false);
    expect(Object.keys(giveUp(parts, first, 1_800).answers)).toEqual(['ingest', 'sound', 'net-dots', 'dots']);
  });

  it('ask again a few times, and not after the time is over', () => {
    let lost = state({ ingest: ingested, dots: looked() });
    for (const times of [1, 2, 3]) {
      lost = askAgain({ ...lost, answers: { ...lost.answers, dots: looked() } }, 'dots', 'gone', 1_000);
      expect(lost).toMatchObject({ again: { dots: times }, answers: { ingest: ingested } });
      expect(lost.answers).not.toHaveProperty('dots');
    }
    expect(askAgain(lost, 'dots', 'gone', 1_000).answers).toMatchObject({ dots: { missing: 'gone' } });
    expect(askAgain(state({ dots: looked() }, policyOf(500)), 'dots', 'gone', 1_500).answers).toEqual({
      dots: { missing: 'gone' },
    });
  });
});

describe('recordOf', () => {
  const answers = {
    ingest: ingested,
    dots: looked(),
    sound: deaf,
    'net-dots': { producer, tensor, padding: { frames: 1, length: 2 } },
  };

  it('joins the outcomes of families that decoded for themselves as one decoding would tell it', () => {
    expect(recordWith(answers)).toMatchObject({
      outcome: { ...seen, status: 'degraded', fault: 'damaged', reason: 'no sound decodes' },
      rows: { dots: { n: 1 } },
      nets: { 'net-dots': [0.5] },
      padded: { 'net-dots': { frames: 1, length: 2 } },
    });
    const torn: ClipOutcome = { ...seen, status: 'degraded', fault: 'truncated', reason: 'torn' };
    expect(recordWith({ ...answers, dots: looked(torn) }).outcome).toEqual({
      ...torn,
      reason: 'torn; no sound decodes',
    });
    const both: ClipOutcome = { ...torn, reason: 'torn; no sound decodes' };
    expect(
      recordWith({
        ...answers,
        dots: { ...looked(both), listened: true },
        sound: { ...deaf, outcome: both, looked: true } as PartAnswer,
      }).outcome,
    ).toEqual(both);
    const failed: ClipOutcome = { ...seen, status: 'failed', fault: 'no-frames', reason: 'nothing decodes' };
    expect(recordWith({ ...answers, dots: looked(failed) })).toMatchObject({ outcome: failed, rows: {}, nets: {} });
  });

  it('says of a clip that nobody can go by what one process says', () => {
    const none = { producer, tensor: undefined, outcome: seen, looked: true, listened: false, row: undefined };
    expect(
      recordWith({ ingest: ingested, dots: none, sound: { ...none, looked: false, listened: true } }).outcome,
    ).toMatchObject({ status: 'failed', fault: 'no-sound' });
  });

  it('fails a clip of which a family gave up, or leaves the family out, as the policy has it', () => {
    const given = { ...answers, dots: { missing: 'RangeError: no [failed]' } };
    expect(recordWith(given)).toMatchObject({
      outcome: { status: 'failed', fault: 'incomplete', reason: 'without dots: RangeError: no [failed]' },
    });
    const one = { ...answers, sound: { missing: 'no answer in time' } };
    const degraded = {
      outcome: {
        status: 'degraded',
        fault: 'incomplete',
        reason: "without sound (request's policy): no answer in time",
      },
      nets: { 'net-dots': [0.5] },
      without: { sound: { reason: 'no answer in time', policy: 'request' } },
    };
    expect(recordWith(one, policyOf(1))).toMatchObject(degraded);
    expect(recordWith(one, policyOf(null, { sound: 1 }))).toMatchObject(degraded);
    expect(recordWith(one, { ...policyOf(1), by: 'bundle' })).toMatchObject({
      outcome: { reason: "without sound (bundle's policy): no answer in time" },
      without: { sound: { policy: 'bundle' } },
    });
    // One that is waited for fails the clip, whatever holds for the others.
    expect(recordWith(one, policyOf(1, { sound: null }))).toMatchObject({
      outcome: { status: 'failed', reason: 'without sound: no answer in time' },
      without: { sound: { reason: 'no answer in time', policy: null } },
    });
    expect(recordWith({ ingest: { missing: 'late' } }, policyOf(1)).outcome).toMatchObject({
      status: 'failed',
      fault: 'incomplete',
      reason: "without ingest (request's policy): late",
    });
    expect(recordWith(answers)).not.toHaveProperty('without');
  });
});

describe('readAnswer', () => {
  const message = (payload: object, failure: Message['failure'] = null) =>
    ({ payload: { tensors: {}, files: {}, ...payload }, producer, failure, timings: {} }) as unknown as Message;

  it('takes what does not validate, and failures, for missing', () => {
    expect(readAnswer('nets', message({ padding: null }))).toEqual({ missing: 'its answer cannot be read' });
    expect(readAnswer('features', message({ outcome: seen, looked: 'yes', listened: false }))).toEqual({
      missing: 'its answer cannot be read',
    });
    expect(
      readAnswer('ingest', message({ metadata: null, outcome: null }, { code: 'failed', message: 'Error: no' })),
    ).toEqual({ missing: 'Error: no [failed]' });
    expect(
      readAnswer('ingest', message({ metadata: null, outcome: unheard }, { code: 'damaged', message: '' })),
    ).toEqual({ producer, metadata: null, outcome: unheard });
  });
});
