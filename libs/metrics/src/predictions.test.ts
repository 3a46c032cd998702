import { UsageError } from '@primatrix/contracts';
import { describe, expect, it } from 'vitest';
import { logLoss } from './log-loss.ts';
import { MetricsError } from './predictions.ts';

const classes = ['bird', 'hog'];

function errorOf(predictions: number[], labels: number[], names = classes): MetricsError {
  try {
    logLoss({ classes: names, predictions: Float64Array.from(predictions), labels: Uint8Array.from(labels) });
  } catch (error) {
    if (error instanceof MetricsError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('what cannot be scored', () => {
  it.each([
    ['NaN', Number.NaN],
    ['a negative number', -0.01],
    ['more than one', 1.0000001],
    ['infinity', Number.POSITIVE_INFINITY],
  ])('refuses %s, naming row and class', (_, bad) => {
    const error = errorOf([0.1, 0.2, 0.3, bad], [1, 0, 1, 0]);
    expect(error).toBeInstanceOf(UsageError);
    expect(error.code).toBe('METRICS_PREDICTION');
    expect(error.fields).toEqual({ row: 1, class: 'hog', value: String(bad) });
    expect(error.message).toContain('row 1, class "hog"');
  });

  it('refuses labels other than 0 and 1', () => {
    expect(errorOf([0.1, 0.2], [2, 0])).toMatchObject({ code: 'METRICS_LABEL', fields: { row: 0, class: 'bird' } });
  });

  it('refuses lengths that do not match', () => {
    expect(errorOf([0.1, 0.2], [1, 0, 1, 0]).code).toBe('METRICS_SHAPE');
    expect(errorOf([0.1, 0.2, 0.3], [1, 0, 1]).code).toBe('METRICS_SHAPE');
    expect(errorOf([], []).code).toBe('METRICS_SHAPE');
    expect(errorOf([], [], []).code).toBe('METRICS_SHAPE');
  });
});
