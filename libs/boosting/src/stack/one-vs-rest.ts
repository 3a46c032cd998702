import { parsedJson, PrimatrixError } from '@primatrix/contracts';
import type { FeatureMatrix, StackFitInput, StackModel } from '@primatrix/families';
import { z } from 'zod';
import type { LoadModel, TreeTables } from './tree-tables.ts';

/** A model of one class, or its probability where the training clips are all of one kind. */
type ClassModel = StackModel | number;

/** The start of every text that {@link OneVsRest.toText} gives, and of no library's own. */
const start = '{"schema":1,"target":"one-vs-rest"';

const textSchema = z.strictObject({
  schema: z.literal(1),
  target: z.literal('one-vs-rest'),
  models: z.array(z.union([z.string(), z.number().min(0).max(1)])).min(1),
});

/** Whether a model's text is one of several binary models. */
export function isOneVsRest(text: string): boolean {
  return text.startsWith(start);
}

/**
 * One binary model a class, so that a clip may be of several classes, or of none. Probabilities of a clip are independent and
 * need not add to 1. A class that no training clip has, or all have, is not learnt but gets the share (positives + 1/2) / (clips + 1).
 */
export class OneVsRest implements StackModel {
  readonly #models: readonly ClassModel[];

  private constructor(models: readonly ClassModel[]) {
    this.#models = models;
  }

  static async fit(input: StackFitInput, tables: TreeTables): Promise<OneVsRest> {
    const { classes, labels, validLabels } = input;
    const models: ClassModel[] = [];
    try {
      for (let index = 0; index < classes; index++) {
        const own = ofClass(labels, classes, index);
        const positives = own.reduce((sum, label) => sum + label, 0);
        if (positives === 0 || positives === own.length) {
          models.push((positives + 0.5) / (own.length + 1));
          continue;
        }
        models.push(
          await tables.fit({
            kind: 'binary',
            labels: own,
            validLabels: ofClass(validLabels, classes, index),
            onRound: (round, rounds) => input.onRound?.(index * rounds + round, classes * rounds),
          }),
        );
      }
    } catch (error) {
      disposeAll(models);
      throw error;
    }
    return new OneVsRest(models);
  }

  /**
   * Reads the text that the models were written to.
   * @throws `PrimatrixError` with code `STACK_MODEL` for a damaged text, and what the library throws for one of its
   * models
   */
  static async load(text: string, loadModel: LoadModel): Promise<OneVsRest> {
    const parsed = textSchema.safeParse(parsedJson(text));
    if (!parsed.success) {
      throw new PrimatrixError('STACK_MODEL', 'one-vs-rest: the model is damaged', {
        cause: parsed.error,
        hint: 'train it again',
      });
    }
    const models: ClassModel[] = [];
    try {
      for (const model of parsed.data.models) models.push(typeof model === 'number' ? model : await loadModel(model));
    } catch (error) {
      disposeAll(models);
      throw error;
    }
    return new OneVsRest(models);
  }

  async toText(): Promise<string> {
    const models: (string | number)[] = [];
    for (const model of this.#models) models.push(typeof model === 'number' ? model : await model.toText());
    return `${JSON.stringify({ schema: 1, target: 'one-vs-rest', models })}\n`;
  }

  /** Probabilities [rows, classes]. */
  async predict(matrix: FeatureMatrix): Promise<Float64Array> {
    const classes = this.#models.length;
    const result = new Float64Array(matrix.rows * classes);
    for (const [index, model] of this.#models.entries()) {
      const own = typeof model === 'number' ? undefined : await model.predict(matrix);
      for (let row = 0; row < matrix.rows; row++) result[row * classes + index] = own?.[row] ?? (model as number);
    }
    return result;
  }

  /** Total gain of each column over all classes. */
  async importance(): Promise<Float64Array> {
    let total = new Float64Array();
    for (const model of this.#models) {
      if (typeof model === 'number') continue;
      const own = await model.importance();
      total = total.length === 0 ? Float64Array.from(own) : total.map((value, column) => value + (own[column] ?? 0));
    }
    return total;
  }

  dispose(): void {
    disposeAll(this.#models);
  }
}

function ofClass(labels: Uint8Array, classes: number, index: number): Int32Array {
  return Int32Array.from({ length: labels.length / classes }, (_, row) => labels[row * classes + index] ?? 0);
}

function disposeAll(models: readonly ClassModel[]): void {
  for (const model of models) if (typeof model !== 'number') model.dispose();
}
