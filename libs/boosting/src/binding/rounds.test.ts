import { describe, expect, it } from 'vitest';
import type { ErrorMakers } from './errors.ts';
import { runRounds } from './rounds.ts';
import type { RoundInfo, RoundOptions, RoundSteps } from './rounds.ts';

const errors: ErrorMakers = {
  input: (argument, message) => new TypeError(`${argument}: ${message}`),
  native: (call, reason) => new Error(`${call}: ${reason}`),
  disposed: (what) => new Error(what),
};

/** Steps whose metric takes the given values one after another; `loss` unless told otherwise. */
const steps = (values: readonly number[], more: Partial<RoundSteps> = {}, metric = 'loss'): RoundSteps => ({
  boost: async (round) => round <= values.length,
  measure: async (round) => ({ valid: { [metric]: values[round - 1] ?? Number.NaN } }),
  followed: 'valid',
  higherIsBetter: /^auc$/,
  ...more,
});

async function follow(options: RoundOptions, taken: RoundSteps): Promise<{ kept: number; infos: RoundInfo[] }> {
  const infos: RoundInfo[] = [];
  const kept = await runRounds({ ...options, onRound: (info) => (infos.push(info), undefined) }, taken, errors);
  return { kept, infos };
}

describe('runRounds', () => {
  it('keeps the best round and stops when patience is out', async () => {
    const { kept, infos } = await follow({ rounds: 10, earlyStopping: { rounds: 2 } }, steps([3, 2, 2.5, 2.6, 1]));
    expect(kept).toBe(2);
    expect(infos.map(({ bestRound }) => bestRound)).toEqual([1, 2, 2, 2]);
  });

  it('follows upwards where more is better, or where it is told to', async () => {
    expect((await follow({ rounds: 3, earlyStopping: { rounds: 9 } }, steps([1, 3, 2], {}, 'auc'))).kept).toBe(2);
    expect((await follow({ rounds: 3, earlyStopping: { rounds: 9, maximise: true } }, steps([1, 3, 2]))).kept).toBe(2);
    expect(
      (await follow({ rounds: 3, earlyStopping: { rounds: 9, maximise: false } }, steps([2, 3, 1], {}, 'auc'))).kept,
    ).toBe(3);
  });

  it('is not led astray by a loss that is no number', async () => {
    expect((await follow({ rounds: 3, earlyStopping: { rounds: 9 } }, steps([2, Number.NaN, 1]))).kept).toBe(3);
    expect((await follow({ rounds: 3, earlyStopping: { rounds: 9 } }, steps([Number.NaN, 2, 1]))).kept).toBe(3);
  });

  it('ends when nothing can be added, and keeps all without early stopping', async () => {
    const { kept, infos } = await follow({ rounds: 100 }, steps([1, 2]));
    expect([kept, infos.length]).toEqual([0, 2]);
  });

  it('refuses an unknown metric before the first round if it can', async () => {
    const never: Partial<RoundSteps> = { boost: async () => expect.unreachable(), metrics: ['loss'] };
    await expect(follow({ rounds: 3, earlyStopping: { rounds: 1, metric: 'auc' } }, steps([1], never))).rejects.toThrow(
      /one of \[loss\], got auc/,
    );
    await expect(follow({ rounds: 3, earlyStopping: { rounds: 1, metric: 'auc' } }, steps([1]))).rejects.toThrow(
      /one of \[loss\], got auc/,
    );
  });

  it('ends with the signal’s reason', async () => {
    const controller = new AbortController();
    const stopping: Partial<RoundSteps> = { boost: async () => (controller.abort(new Error('enough')), true) };
    await expect(
      runRounds({ rounds: 5, signal: controller.signal }, steps([1, 2, 3], stopping), errors),
    ).rejects.toThrow('enough');
  });
});
