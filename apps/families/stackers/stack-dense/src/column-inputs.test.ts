import { describe, expect, it } from 'vitest';
import { columnInputsOf, columnInputsSchema, inputRow, inputWidth } from './column-inputs.ts';

const matrix = {
  rows: 3,
  columns: ['probability', 'bytes', 'sound', 'nowhere'],
  data: Float32Array.of(0.25, 100, Number.NaN, Number.NaN, 0.5, 200, -1, Number.NaN, 0.75, 300, 0.5, Number.NaN),
};

describe('columnInputs', () => {
  const inputs = columnInputsOf(matrix);

  it('keeps columns within [-1, 1] and says what is missing', () => {
    expect(inputs).toEqual([
      { kind: 'plain', column: 0, mayLack: false },
      { kind: 'plain', column: 2, mayLack: true },
    ]);
    expect(inputWidth(inputs)).toBe(3);
    expect([0, 1, 2].map((row) => [...inputRow(matrix, row, inputs)])).toEqual([
      [0.25, 0, 0],
      [0.5, -1, 1],
      [0.75, 0.5, 1],
    ]);
  });

  it('cuts off what training never had', () => {
    const far = { ...matrix, rows: 1, data: Float32Array.of(-7, 1, Number.POSITIVE_INFINITY, 0) };
    expect([...inputRow(far, 0, inputs)]).toEqual([-1, 1, 1]);
  });
});

describe("the original's encodings", () => {
  // A clip without sound or time has -1 there.
  const columns = ['width', 'height', 'time', 'bytes', 'audio_bytes'];
  const rows = [
    [640, 480, 5, 100, -1],
    [1280, 720, -1, 300, 44],
    [640, 480, 4_000_000_256, 200, 88],
  ];
  const table = { rows: 3, columns, data: Float32Array.from(rows.flat()) };
  const encodings = {
    oneHot: [
      ['width', 'height'],
      ['width', 'depth'],
    ],
    digits: ['time'],
    buckets: [
      { column: 'bytes', step: 100 },
      { column: 'audio_bytes', step: 40 },
      { column: 'gone', step: 1 },
    ],
  };
  const inputs = columnInputsOf(table, encodings);
  const parts = (values: readonly number[], row = 0) => {
    const all = [...inputRow({ rows: 1, columns, data: Float32Array.from(values) }, row, inputs)];
    return {
      size: all.slice(0, 2),
      time: Number.parseInt(all.slice(2, 34).join(''), 2),
      bytes: all.slice(34, 84).indexOf(1),
      sound: all.slice(84).indexOf(1),
    };
  };

  it('are frame sizes, digits of times, and buckets of each size by itself', () => {
    expect(columnInputsSchema.parse(JSON.parse(JSON.stringify(inputs)))).toEqual(inputs);
    expect(inputs.map(({ kind }) => kind)).toEqual(['one-hot', 'digits', 'buckets', 'buckets']);
    expect(inputWidth(inputs)).toBe(2 + 32 + 50 + 50);
    expect(rows.map((row) => parts(row))).toEqual([
      { size: [1, 0], time: 5, bytes: 1, sound: -1 },
      { size: [0, 1], time: 0, bytes: 3, sound: 1 },
      { size: [1, 0], time: 4_000_000_256, bytes: 2, sound: 2 },
    ]);
  });

  it('take what training never had', () => {
    expect(parts([640, 720, 6, 1, 1e9])).toEqual({ size: [0, 0], time: 6, bytes: 0, sound: 49 });
  });

  it('have 50 buckets of one size, the last one open', () => {
    const at = (bytes: number) =>
      inputRow(
        { rows: 1, columns: ['bytes'], data: Float32Array.of(bytes) },
        0,
        columnInputsOf(
          { ...table, columns: ['bytes'] },
          { oneHot: [], digits: [], buckets: [{ column: 'bytes', step: 400_000 }] },
        ),
      );
    expect([0, 399_999, 400_000, 19_599_990, 19_600_000, 1e9].map((bytes) => at(bytes).indexOf(1))).toEqual([
      0, 0, 1, 48, 49, 49,
    ]);
    expect(at(0)).toHaveLength(50);
  });
});

it('digits are as many as the largest number of the training rows has, and none where there is none', () => {
  const columns = ['seconds', 'never'];
  const table = { rows: 3, columns, data: Float32Array.of(1000, -1, 5000, -1, -1, -1) };
  const inputs = columnInputsOf(table, { oneHot: [], digits: columns, buckets: [] });
  expect(inputs).toEqual([
    { kind: 'plain', column: 1, mayLack: false },
    { kind: 'digits', column: 0, digits: 13 },
  ]);
  expect([...inputRow(table, 1, inputs)].slice(1).join('')).toBe((5000).toString(2));
  // As models of before have them.
  const [before] = columnInputsSchema.parse([{ kind: 'digits', column: 0 }]);
  expect(before).toEqual({ kind: 'digits', column: 0, digits: 32 });
});
