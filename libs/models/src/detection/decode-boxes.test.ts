import { describe, expect, it } from 'vitest';
import type { DetectorOutput, PictureInput } from '../folder/model-card.ts';
import { decodeBoxes } from './decode-boxes.ts';

const input = { size: [64, 32] } as unknown as PictureInput;
const settings = { score: 0.3, iou: 0.45 };
const outputs = (entries: Readonly<Record<string, readonly (readonly number[])[]>>, axes: readonly number[] = [1]) =>
  new Map(
    Object.entries(entries).map(([name, rows]) => [
      name,
      { shape: [...axes, rows.length, rows[0]?.length ?? 0], data: Float32Array.from(rows.flat()) },
    ]),
  );
const decoded = (output: DetectorOutput, made: ReturnType<typeof outputs>, classes = 2) =>
  decodeBoxes(made, { output, input }, classes, settings).map(({ left, top, right, bottom, score, label }) => ({
    at: [left, top, right, bottom].map((value) => Math.round(value * 100) / 100),
    score: Math.round(score * 1000) / 1000,
    label,
  }));

describe('decodeBoxes', () => {
  it('reads the grid of YOLOX, whose cells go along rows', () => {
    const rows = Array.from({ length: 2 }, () => [0, 0, 0, 0, 0, 0, 0]);
    // One stride of 32: two cells; the second lies at x = 32.
    rows[1] = [0.5, 0.25, Math.log(0.5), Math.log(0.25), 0.8, 0.1, 0.9];
    expect(decoded({ decode: 'yolox', strides: [32], boxes: 'o' }, outputs({ o: rows }))).toEqual([
      { at: [40, 4, 56, 12], score: 0.72, label: 1 },
    ]);
    expect(() => decoded({ decode: 'yolox', strides: [16], boxes: 'o' }, outputs({ o: rows }))).toThrow(
      /has 2 rows, and strides of 16 give 8/,
    );
  });

  it('reads boxes that are decoded, with and without objectness, and turned', () => {
    const yolo = { decode: 'yolo', boxes: 'o', objectness: true, transposed: false } as const;
    expect(decoded(yolo, outputs({ o: [[10, 10, 4, 8, 0.5, 0.9, 0.2]] }))).toEqual([
      { at: [8, 6, 12, 14], score: 0.45, label: 0 },
    ]);
    const turned = [
      [10, 30],
      [10, 20],
      [4, 4],
      [8, 8],
      [0.1, 0.9],
      [0.6, 0.2],
    ];
    expect(decoded({ ...yolo, objectness: false, transposed: true }, outputs({ o: turned }))).toEqual([
      { at: [28, 16, 32, 24], score: 0.9, label: 0 },
      { at: [8, 6, 12, 14], score: 0.6, label: 1 },
    ]);
  });

  it('suppresses within a class only, and not what the graph has suppressed itself', () => {
    const yolo = { decode: 'yolo', boxes: 'o', objectness: true, transposed: false } as const;
    const near = [
      [10, 10, 8, 8, 1, 0.9, 0],
      [10.5, 10, 8, 8, 1, 0.8, 0],
      [10, 10, 8, 8, 1, 0, 0.7],
    ];
    expect(decoded(yolo, outputs({ o: near })).map(({ score }) => score)).toEqual([0.9, 0.7]);
    const ended = [
      [0, 0, 8, 8, 0.9, 0],
      [0, 0, 8, 8, 0.8, 0],
      [0, 0, 8, 8, 0.7, 5],
      [0, 0, 8, 8, 0.1, 1],
    ];
    expect(decoded({ decode: 'corners', boxes: 'o' }, outputs({ o: ended }, [])).map(({ score }) => score)).toEqual([
      0.9, 0.8,
    ]);
  });

  it('reads RT-DETR in one output and in two', () => {
    expect(decoded({ decode: 'rt-detr', boxes: 'b' }, outputs({ b: [[0.5, 0.5, 0.25, 0.5, 0.6, 1]] }))).toEqual([
      { at: [24, 8, 40, 24], score: 0.6, label: 1 },
    ]);
    const two = outputs({ b: [[0.5, 0.5, 0.25, 0.5]], s: [[-4, Math.log(9)]] });
    expect(decoded({ decode: 'rt-detr', boxes: 'b', scores: 's' }, two)).toEqual([
      { at: [24, 8, 40, 24], score: 0.9, label: 1 },
    ]);
  });

  it('refuses an output of another shape, and says which', () => {
    expect(() => decoded({ decode: 'corners', boxes: 'o' }, outputs({ o: [[1, 2, 3]] }))).toThrow(
      /"o" must be \[boxes, 6\], got \[1, 1, 3\]/,
    );
  });
});
