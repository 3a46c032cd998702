import type { FeatureMatrix, StackFitInput, StackModel } from '@primatrix/families';
import { describe, expect, it } from 'vitest';
import { columnNames } from './column-names.ts';
import { lastPositiveClass } from './last-positive-class.ts';
import { fitTrees, loadTrees } from './tree-stack.ts';
import type { TreeTables, TreeTarget } from './tree-tables.ts';

/** Three classes: the first and the last may occur together, the middle one never occurs. */
const labels = Uint8Array.of(1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0);
const matrix: FeatureMatrix = { data: Float32Array.of(0, 1, 2, 3), rows: 4, columns: ['x'] };
const input: StackFitInput = {
  train: matrix,
  labels,
  valid: matrix,
  validLabels: labels,
  classes: 3,
  settings: null,
  seed: 1,
  threads: 1,
};

/** Predicts the labels it was fitted to, and says so in its text. */
class Parrot implements StackModel {
  readonly told: readonly number[];
  disposed = false;

  constructor(told: readonly number[]) {
    this.told = told;
  }

  toText = async (): Promise<string> => `parrot ${this.told.join(' ')}`;
  predict = async (): Promise<Float64Array> => Float64Array.from(this.told);
  importance = async (): Promise<Float64Array> => Float64Array.of(this.told.reduce((sum, one) => sum + one, 0));
  dispose = (): void => void (this.disposed = true);
}

const load = async (text: string): Promise<StackModel> => new Parrot(text.split(' ').slice(1).map(Number));

class Parrots implements TreeTables {
  readonly targets: TreeTarget[] = [];
  readonly models: Parrot[] = [];
  disposed = false;
  /** Fails at this target, if any. */
  readonly failAt: number | undefined;

  constructor(failAt?: number) {
    this.failAt = failAt;
  }

  async fit(target: TreeTarget): Promise<StackModel> {
    if (this.targets.length === this.failAt) throw new Error('no more');
    this.targets.push(target);
    target.onRound(5, 10);
    const model = new Parrot([...target.labels]);
    this.models.push(model);
    return model;
  }

  dispose(): void {
    this.disposed = true;
  }
}

it('takes the last positive class, or the first class where there is none', () => {
  expect([...lastPositiveClass(labels, 3)]).toEqual([0, 2, 2, 0]);
});

it('makes names that differ and hold no punctuation', () => {
  expect(columnNames(['a b', 'a,b', 'net[x]'])).toEqual(['0_a_b', '1_a_b', '2_net_x_']);
});

describe('last-positive', () => {
  it('fits one model of all classes, and its text is the library’s own', async () => {
    const tables = new Parrots();
    const model = await fitTrees(input, 'last-positive', async () => tables);
    expect(tables.targets.map(({ kind, labels: own }) => [kind, ...own])).toEqual([['classes', 0, 2, 2, 0]]);
    expect(await model.toText()).toBe('parrot 0 2 2 0');
    expect(tables.disposed).toBe(true);
    expect(await (await loadTrees('parrot 1 2', load)).predict(matrix)).toEqual(Float64Array.of(1, 2));
  });
});

describe('one-vs-rest', () => {
  it('fits what each clip is, and a constant where there is no contrast', async () => {
    const tables = new Parrots();
    const rounds: number[][] = [];
    const model = await fitTrees(
      { ...input, onRound: (...progress) => void rounds.push(progress) },
      'one-vs-rest',
      async () => tables,
    );
    expect(tables.targets.map(({ kind, labels: own }) => [kind, ...own])).toEqual([
      ['binary', 1, 1, 0, 0],
      ['binary', 0, 1, 1, 0],
    ]);
    expect([...(await model.predict(matrix))]).toEqual([1, 0.1, 0, 1, 0.1, 1, 0, 0.1, 1, 0, 0.1, 0]);
    expect([...(await model.importance())]).toEqual([4]);
    expect(rounds).toEqual([
      [5, 30],
      [25, 30],
    ]);
    expect(tables.disposed).toBe(true);
  });

  it('goes through its text unchanged', async () => {
    const model = await fitTrees(input, 'one-vs-rest', async () => new Parrots());
    const text = await model.toText();
    const again = await loadTrees(text, load);
    expect(await again.toText()).toBe(text);
    expect(await again.predict(matrix)).toEqual(await model.predict(matrix));
  });

  it('frees what it has when one fit fails', async () => {
    const tables = new Parrots(1);
    await expect(fitTrees(input, 'one-vs-rest', async () => tables)).rejects.toThrow('no more');
    expect(tables.models.map(({ disposed }) => disposed)).toEqual([true]);
    expect(tables.disposed).toBe(true);
  });

  it('refuses a damaged text', async () => {
    const text = await (await fitTrees(input, 'one-vs-rest', async () => new Parrots())).toText();
    await expect(loadTrees(text.slice(0, 60), load)).rejects.toMatchObject({ code: 'STACK_MODEL' });
    await expect(loadTrees(text.replace('0.1', '7'), load)).rejects.toMatchObject({ code: 'STACK_MODEL' });
  });
});
