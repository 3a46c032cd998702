import type { CardOf, DetectorOutput } from '../folder/model-card.ts';
import { ModelError } from '../model-error.ts';
import type { ModelOutput } from '../runtime/model-process.ts';
import { suppress, type RawBox } from './box.ts';

/** What a detector's outputs are read with. */
export interface DecodeSettings {
  readonly score: number;
  readonly iou: number;
}

/**
 * The boxes that a detector found on one picture: those of at least `score`, each with its likeliest class (the lower index on a tie),
 * and without what a stronger box of the same class covers.
 * @returns boxes in pixels of the model's picture, by falling score
 * @throws ModelError MODEL_OUTPUT where an output has not the shape that the card speaks of
 */
export function decodeBoxes(
  outputs: ReadonlyMap<string, ModelOutput>,
  { output, input }: Pick<CardOf<'detector'>, 'output' | 'input'>,
  classes: number,
  { score, iou }: DecodeSettings,
): RawBox[] {
  const rows = rowsOf(outputs, output, classes, input.size);
  const found: RawBox[] = [];
  for (let i = 0; i < rows.count; i++) {
    const box = rows.read(i, score);
    if (box !== undefined && box.right > box.left && box.bottom > box.top) found.push(box);
  }
  return output.decode === 'corners' ? found.toSorted((a, b) => b.score - a.score) : suppress(found, iou, 'label');
}

/** Rows that may each be a box. */
interface BoxRows {
  readonly count: number;
  /** Undefined where the score is lower than `least`. */
  read(row: number, least: number): RawBox | undefined;
}

function rowsOf(
  outputs: ReadonlyMap<string, ModelOutput>,
  output: DetectorOutput,
  classes: number,
  size: readonly [number, number],
): BoxRows {
  switch (output.decode) {
    case 'yolox':
      return yoloxRows(matrixOf(outputs, output.boxes, 5 + classes), output.strides, size, classes);
    case 'yolo':
      return yoloRows(outputs, output, classes);
    case 'corners': {
      const matrix = matrixOf(outputs, output.boxes, 6);
      return {
        count: matrix.rows,
        read: (row, least) => {
          const [left = 0, top = 0, right = 0, bottom = 0, score = 0, label = -1] = matrix.row(row);
          return score >= least && isLabel(label, classes) ? { left, top, right, bottom, score, label } : undefined;
        },
      };
    }
    case 'rt-detr':
      return detrRows(outputs, output, classes, size);
  }
}

function yoloxRows(
  matrix: Matrix,
  strides: readonly number[],
  [width, height]: readonly [number, number],
  classes: number,
): BoxRows {
  const cells = strides.flatMap((stride) => {
    const columns = Math.floor(width / stride);
    return Array.from({ length: columns * Math.floor(height / stride) }, (_, i) => ({
      stride,
      x: i % columns,
      y: Math.floor(i / columns),
    }));
  });
  if (cells.length !== matrix.rows) {
    throw wrongShape(`has ${matrix.rows} rows, and strides of ${strides.join(', ')} give ${cells.length}`);
  }
  return {
    count: matrix.rows,
    read(row, least) {
      const values = matrix.row(row);
      const objectness = values[4] as number;
      if (objectness < least) return undefined;
      const best = likeliest(values, 5, classes);
      const score = objectness * best.value;
      if (score < least) return undefined;
      const { stride, x, y } = cells[row] as (typeof cells)[number];
      return around(
        ((values[0] as number) + x) * stride,
        ((values[1] as number) + y) * stride,
        Math.exp(values[2] as number) * stride,
        Math.exp(values[3] as number) * stride,
        { score, label: best.index },
      );
    },
  };
}

function yoloRows(
  outputs: ReadonlyMap<string, ModelOutput>,
  { boxes, objectness, transposed }: Extract<DetectorOutput, { decode: 'yolo' }>,
  classes: number,
): BoxRows {
  const first = objectness ? 5 : 4;
  const matrix = transposed
    ? transposedMatrix(outputs, boxes, first + classes)
    : matrixOf(outputs, boxes, first + classes);
  return {
    count: matrix.rows,
    read(row, least) {
      const values = matrix.row(row);
      const something = objectness ? (values[4] as number) : 1;
      if (something < least) return undefined;
      const best = likeliest(values, first, classes);
      const score = something * best.value;
      if (score < least) return undefined;
      const [x = 0, y = 0, width = 0, height = 0] = values;
      return around(x, y, width, height, { score, label: best.index });
    },
  };
}

function detrRows(
  outputs: ReadonlyMap<string, ModelOutput>,
  { boxes, scores }: Extract<DetectorOutput, { decode: 'rt-detr' }>,
  classes: number,
  [width, height]: readonly [number, number],
): BoxRows {
  const matrix = matrixOf(outputs, boxes, scores === undefined ? 6 : 4);
  const logits = scores === undefined ? undefined : matrixOf(outputs, scores, classes);
  if (logits !== undefined && logits.rows !== matrix.rows) {
    throw wrongShape(`has ${matrix.rows} boxes, and ${logits.rows} rows of scores`);
  }
  return {
    count: matrix.rows,
    read(row, least) {
      const [x = 0, y = 0, w = 0, h = 0, score = 0, label = -1] = matrix.row(row);
      const best = logits === undefined ? undefined : likeliest(logits.row(row), 0, classes);
      const found =
        best === undefined ? { score, label } : { score: 1 / (1 + Math.exp(-best.value)), label: best.index };
      return found.score >= least && isLabel(found.label, classes)
        ? around(x * width, y * height, w * width, h * height, found)
        : undefined;
    },
  };
}

function around(x: number, y: number, width: number, height: number, of: Pick<RawBox, 'score' | 'label'>): RawBox {
  return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2, ...of };
}

function isLabel(label: number, classes: number): boolean {
  return Number.isInteger(label) && label >= 0 && label < classes;
}

function likeliest(values: ArrayLike<number>, from: number, count: number): { index: number; value: number } {
  let index = 0;
  let value = values[from] as number;
  for (let i = 1; i < count; i++) {
    const other = values[from + i] as number;
    if (other > value) [index, value] = [i, other];
  }
  return { index, value };
}

interface Matrix {
  readonly rows: number;
  row(index: number): Float32Array;
}

/** An output as rows of a length; leading axes of 1 are passed over. */
function matrixOf(outputs: ReadonlyMap<string, ModelOutput>, name: string, length: number): Matrix {
  const { shape, data } = outputs.get(name) as ModelOutput;
  const last = shape.at(-1);
  const [rows = 1] = shape.slice(-2, -1);
  if (last !== length || rows * length !== data.length) throw shapeFault(name, shape, `[boxes, ${length}]`);
  return { rows, row: (index) => data.subarray(index * length, (index + 1) * length) };
}

function transposedMatrix(outputs: ReadonlyMap<string, ModelOutput>, name: string, length: number): Matrix {
  const { shape, data } = outputs.get(name) as ModelOutput;
  const [values = 0, rows = 0] = shape.slice(-2);
  if (values !== length || rows * length !== data.length) throw shapeFault(name, shape, `[${length}, boxes]`);
  const row = new Float32Array(length);
  return {
    rows,
    row(index) {
      for (let i = 0; i < length; i++) row[i] = data[i * rows + index] as number;
      return row;
    },
  };
}

function shapeFault(name: string, shape: readonly number[], wanted: string): ModelError {
  return wrongShape(`"${name}" must be ${wanted}, got [${shape.join(', ')}]`);
}

function wrongShape(what: string): ModelError {
  return new ModelError('MODEL_OUTPUT', `the detector's output ${what}`, {
    hint: '"output" of its model.json, or its labels, are of another model',
  });
}
