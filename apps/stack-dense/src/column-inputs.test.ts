import { describe, expect, it } from 'vitest';
import { columnInputsOf, inputRow, inputWidth } from './column-inputs.ts';

const matrix = {
  rows: 3,
  columns: ['probability', 'bytes', 'sound', 'nowhere'],
  data: Float32Array.of(0.25, 100, Number.NaN, Number.NaN, 0.5, 200, -1, Number.NaN, 0.75, 300, 0.5, Number.NaN),
};

describe('columnInputs', () => {
  const inputs = columnInputsOf(matrix);

  it('keeps columns within [-1, 1] and says what is missing', () => {
    expect(inputs).toEqual([{ column: 0, mayLack: false }, { column: 2, mayLack: true }]);
    expect(inputWidth(inputs)).toBe(3);
    expect([0, 1, 2].map((row) => [...inputRow(matrix, row, inputs)])).toEqual([[0.25, 0, 0], [0.5, -1, 1], [0.75, 0.5, 1]]);
  });

  it('cuts off what training never had', () => {
    const far = { ...matrix, rows: 1, data: Float32Array.of(-7, 1, Number.POSITIVE_INFINITY, 0) };
    expect([...inputRow(far, 0, inputs)]).toEqual([-1, 1, 1]);
  });
});
