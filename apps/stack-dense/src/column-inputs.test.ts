import { describe, expect, it } from 'vitest';
import { columnInputsOf, inputRow, inputWidth } from './column-inputs.ts';

const matrix = {
  rows: 4,
  columns: ['probability', 'bytes', 'sound'],
  data: Float32Array.of(0.1, 100, Number.NaN, 0.2, 200, 5, 0.3, 300, 6, 0.4, 1e9, 7),
};

describe('columnInputs', () => {
  const inputs = columnInputsOf(matrix);

  it('takes probabilities as they are, ranks the rest, and says what is missing', () => {
    expect(inputWidth(inputs)).toBe(4);
    const rows = [0, 1, 2, 3].map((row) => [...inputRow(matrix, row, inputs)].map((x) => Number(x.toFixed(3))));
    expect(rows[0]).toEqual([0.3, -1.275, 0, 0]);
    // The outlier is one rank above its neighbour, no more.
    expect(rows[3]?.[1]).toBe(1.275);
    expect(rows[3]?.[3]).toBe(1);
  });

  it('keeps values that it never saw within the ranks', () => {
    const far = { ...matrix, rows: 1, data: Float32Array.of(0, -1e12, 1e12) };
    expect([...inputRow(far, 0, inputs)].map((x) => Number(x.toFixed(3)))).toEqual([0, -1.7, 1.7, 1]);
  });
});
