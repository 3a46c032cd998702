import { parsedJson, PrimatrixError } from '@primatrix/contracts';
import type { FeatureMatrix, StackFamily, StackFitInput, StackModel } from '@primatrix/families';
import { packageOf } from '@primatrix/files';
import { exportInference, predictNet, trainNet, type NetSpec, type Sample } from '@primatrix/nets';
import { openSession } from '@primatrix/onnx';
import { z } from 'zod';
import {
  columnInputsOf,
  columnInputsSchema,
  columnsOf,
  inputRow,
  inputWidth,
  widthOf,
  type ColumnInputs,
} from './column-inputs.ts';
import { denseSettingsSchema, variants, type DenseSettings } from './settings.ts';

const { version } = packageOf(import.meta.url);

/**
 * Dense nets over the feature table, sigmoid outputs, so that clips of several classes are no special case.
 * Columns within [-1, 1] are its inputs, as in the original, and, in its profile, what it made of sizes and times.
 */
export const family: StackFamily = {
  kind: 'stack',
  name: 'stack-dense',
  version,
  summary: 'dense nets over the feature table',
  variants,
  usesDevice: true,
  fit,
  load,
};

const modelSchema = z.object({
  schema: z.literal(2),
  classes: z.int().positive(),
  inputs: columnInputsSchema,
  /** Sum of the absolute weights that leave each column. */
  importance: z.array(z.number()),
  /** Base64. */
  onnx: z.string(),
});

async function fit(input: StackFitInput): Promise<StackModel> {
  const settings = denseSettingsSchema.parse(input.settings);
  const inputs = columnInputsOf(input.train, settings.encodings);
  const spec = denseNet(settings, inputWidth(inputs), input.classes);
  const samples = (matrix: FeatureMatrix, labels: Uint8Array) =>
    samplesOf(matrix, inputs).map((sample, row) => ({
      ...sample,
      labels: labels.subarray(row * input.classes, (row + 1) * input.classes),
    }));
  const { weights } = await trainNet({
    spec,
    settings: settings.train,
    seed: input.seed,
    train: samples(input.train, input.labels),
    valid: samples(input.valid, input.validLabels),
    threads: input.threads,
    ...(input.device === undefined ? {} : { device: input.device }),
    onProgress: (event) => void (event.kind === 'epoch' && input.onRound?.(event.epoch, settings.train.maxEpochs)),
    ...(input.signal === undefined ? {} : { signal: input.signal }),
  });
  const importance = columnImportance(
    weights['hidden_1/kernel']?.data ?? new Float32Array(),
    inputs,
    input.train.columns.length,
  );
  const onnx = Buffer.from(exportInference(spec, weights)).toString('base64');
  return load(`${JSON.stringify({ schema: 2, classes: input.classes, inputs, importance, onnx })}\n`);
}

/** Sum of the absolute weights that leave each column's inputs, shared where an input has two; 0 for columns that are no inputs. */
function columnImportance(kernel: Float32Array, inputs: ColumnInputs, columns: number): number[] {
  const units = kernel.length / inputWidth(inputs);
  const importance = Array.from({ length: columns }, () => 0);
  let next = 0;
  for (const input of inputs) {
    const end = next + widthOf(input) * units;
    const sum = kernel.subarray(next, end).reduce((total, weight) => total + Math.abs(weight), 0);
    for (const column of columnsOf(input)) {
      importance[column] = (importance[column] ?? 0) + sum / columnsOf(input).length;
    }
    next = end;
  }
  return importance;
}

function denseNet(settings: DenseSettings, columns: number, classes: number): NetSpec {
  const hidden = settings.hidden.flatMap((share, i) => [
    {
      type: 'Dense' as const,
      name: `hidden_${i + 1}`,
      units: Math.max(1, Math.min(settings.maxUnits, Math.round(share * columns))),
      activation: settings.activation,
    },
    { type: 'Dropout' as const, rate: settings.dropout },
  ]);
  return {
    name: 'stack-dense',
    input: [columns],
    layers: [...hidden, { type: 'Dense', units: classes, activation: 'sigmoid' }],
  };
}

function samplesOf(matrix: FeatureMatrix, inputs: ColumnInputs): Sample[] {
  return Array.from({ length: matrix.rows }, (_, row) => {
    const data = inputRow(matrix, row, inputs);
    return { id: `row ${row}`, tensor: { dtype: 'float32', shape: [data.length], data } };
  });
}

async function load(text: string): Promise<StackModel> {
  const parsed = modelSchema.safeParse(parsedJson(text));
  if (!parsed.success) {
    throw new PrimatrixError('STACK_MODEL', 'stack-dense: the model is damaged', {
      cause: parsed.error,
      hint: 'train it again',
    });
  }
  const { inputs, classes, importance, onnx } = parsed.data;
  const session = await openSession(Buffer.from(onnx, 'base64'), { threads: 1 });
  return {
    toText: async () => text,
    async predict(matrix) {
      const predicted = await predictNet(session, samplesOf(matrix, inputs), { input: [inputWidth(inputs)], classes });
      return Float64Array.from(predicted);
    },
    importance: async () => Float64Array.from(importance),
    dispose: () => void session.release(),
  };
}
