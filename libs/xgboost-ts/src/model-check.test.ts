import { beforeAll, describe, expect, it } from 'vitest';
import { Booster, Dataset, train, XgboostModelError } from './index.ts';
import type { XgboostParams } from './index.ts';
import { checkModel } from './model-check.ts';

interface Model {
  learner: {
    learner_model_param: Record<string, string>;
    gradient_booster: {
      model: { gbtree_model_param: Record<string, string>; tree_info: number[]; trees: Record<string, number[]>[] };
    };
  };
}

let text: string;
let plain: string;
let binary: Uint8Array;

beforeAll(async () => {
  const rows = 400;
  const data = Float64Array.from({ length: rows * 2 }, (_, index) =>
    index % 2 === 0 ? (index / 2) % 11 : (index * 37) % 101,
  );
  const labels = Float64Array.from(
    { length: rows },
    (_, row) => ((data[row * 2] ?? 0) % 3) + (data[row * 2 + 1] ?? 0) / 50,
  );
  using dataset = await Dataset.create({ data, rows, columns: 2, labels, categorical: [0] });
  const params: XgboostParams = {
    objective: 'reg:squarederror',
    tree_method: 'hist',
    max_depth: 4,
    max_cat_to_onehot: 1,
  };
  using booster = await train({ params, train: dataset, rounds: 5, threads: 2 });
  [text, binary] = [await booster.toText(), await booster.toBytes('ubj')];
  // A word that JSON proper does not have stands where a split is by categories.
  plain = text.replaceAll('NaN', '0');
});

const check = (changed: string): void => checkModel(Buffer.from(changed));

/** Changes the parsed model. */
const change = (mend: (model: Model, tree: Record<string, number[]>) => void): string => {
  const model = JSON.parse(plain) as Model;
  mend(model, model.learner.gradient_booster.model.trees[1] ?? {});
  return JSON.stringify(model);
};

describe('checkModel', () => {
  it('accepts what XGBoost writes, with categories, in both formats', () => {
    expect(JSON.parse(plain)).toMatchObject({ learner: { gradient_booster: { name: 'gbtree' } } });
    expect(
      (JSON.parse(plain) as Model).learner.gradient_booster.model.trees[0]?.['categories_nodes']?.length,
    ).toBeGreaterThan(0);
    expect(text).toContain('[NaN,');
    expect(() => check(text)).not.toThrow();
    expect(() => checkModel(binary)).not.toThrow();
    expect(() => check(change(() => undefined))).not.toThrow();
  });

  it('accepts dart', async () => {
    using dataset = await Dataset.create({
      data: Float32Array.from({ length: 50 }, (_, row) => row),
      rows: 50,
      columns: 1,
      labels: Float32Array.from({ length: 50 }, (_, row) => row),
    });
    using booster = await train({ params: { booster: 'dart', rate_drop: 0.5 }, train: dataset, rounds: 3, threads: 2 });
    using again = await Booster.fromBytes(await booster.toBytes());
    expect(again.rounds).toBe(3);
  });

  it('refuses every cut', () => {
    for (let length = 0; length < text.length; length += 97) {
      expect(() => check(text.slice(0, length)), String(length)).toThrow(XgboostModelError);
    }
    for (let length = 0; length < binary.length; length += 97) {
      expect(() => checkModel(binary.subarray(0, length)), String(length)).toThrow(XgboostModelError);
    }
  });

  it('never lets another error out, whatever byte is wrong', () => {
    for (let at = 0; at < binary.length; at += 53) {
      const wrong = Uint8Array.from(binary);
      wrong[at] = 255 - (wrong[at] ?? 0);
      try {
        checkModel(wrong);
      } catch (error) {
        expect(error, `byte ${at}`).toBeInstanceOf(XgboostModelError);
      }
    }
  });

  it.each([
    'left_children',
    'right_children',
    'parents',
    'split_indices',
    'split_conditions',
    'default_left',
    'base_weights',
  ])('refuses a short and a long %s', (name) => {
    expect(() => check(change((_, tree) => tree[name]?.pop()))).toThrow(new RegExp(`tree 1: ${name} must have`));
    expect(() => check(change((_, tree) => tree[name]?.push(0)))).toThrow(new RegExp(`tree 1: ${name} must have`));
  });

  it.each([
    ['a circle', 'left_children', 0],
    ['a child beyond the tree', 'left_children', 99_999],
    ['two branches that meet', 'right_children', 1],
    ['a feature that is not there', 'split_indices', 2],
  ])('refuses %s', (_, name, value) => {
    expect(() => check(change((__, tree) => void tree[name]!.splice(0, 1, value)))).toThrow(
      /tree 1: .*(cannot be|splits on feature)/,
    );
  });

  it.each([
    ['an output that is not there', (model: Model) => void model.learner.gradient_booster.model.tree_info.fill(7)],
    ['a tree too few', (model: Model) => void model.learner.gradient_booster.model.trees.pop()],
    ['no number of features', (model: Model) => delete model.learner.learner_model_param['num_feature']],
    [
      'categories beyond the list',
      (model: Model) => void model.learner.gradient_booster.model.trees[0]?.['categories_sizes']?.fill(9999),
    ],
  ])('refuses %s', (_, mend) => {
    expect(() => check(change(mend))).toThrow(XgboostModelError);
  });

  it('refuses bytes that are no model', () => {
    expect(() => checkModel(new Uint8Array(100))).toThrow(/neither JSON nor UBJSON/);
    expect(() => check('{"a": 1}')).toThrow(XgboostModelError);
  });
});
