import { Rng } from '@primatrix/rng';
import { describe, expect, it } from 'vitest';
import { logLoss, logLossPerRow } from './log-loss.ts';
import { accuracy } from './ranking.ts';
import { lossGain, standardErrors } from './standard-errors.ts';

const classes = ['a', 'b'];
const rng = new Rng(4);
const rows = 300;
const labels = Uint8Array.from({ length: rows * 2 }, (_, i) => ((i >> 1) + i) & 1);
const predictions = Float64Array.from(labels, (label) => 1 / (1 + Math.exp(1 - 2 * label - 1.5 * rng.normal())));
const scored = { classes, predictions, labels };

describe('standardErrors', () => {
  it('are as far as scores of other clips of the kind lie apart', () => {
    const errors = standardErrors(scored);
    const share = accuracy(scored);
    // A share's standard error has a formula.
    expect((errors.accuracy as number) / Math.sqrt((share * (1 - share)) / rows)).toBeCloseTo(1, 1);
    const perRow = logLossPerRow(scored);
    expect(perRow.reduce((sum, loss) => sum + loss, 0) / rows).toBeCloseTo(logLoss(scored), 12);
    const variance = perRow.reduce((sum, loss) => sum + (loss - logLoss(scored)) ** 2, 0) / rows;
    expect((errors.logLoss as number) / Math.sqrt(variance / rows)).toBeCloseTo(1, 1);
  });
});

describe('lossGain', () => {
  it('is the difference of the losses, and knows it better than either loss', () => {
    const better = predictions.map((p, i) => p + 0.01 * ((labels[i] as number) - p));
    const { gain, standardError } = lossGain(scored, better);
    expect(gain).toBeCloseTo(logLoss(scored) - logLoss({ ...scored, predictions: better }), 12);
    expect(gain / (standardError as number)).toBeGreaterThan(5);
    expect(standardError as number).toBeLessThan((standardErrors(scored).logLoss as number) / 5);
    expect(lossGain(scored, predictions)).toEqual({ gain: 0, standardError: 0 });
  });
});
