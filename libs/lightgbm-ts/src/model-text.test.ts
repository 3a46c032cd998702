import { beforeAll, describe, expect, it } from 'vitest';
import { Dataset, LightgbmModelError, train } from './index.ts';
import { checkModelText } from './model-text.ts';

let text: string;

beforeAll(async () => {
  const rows = 400;
  const data = Float64Array.from({ length: rows * 2 }, (_, index) =>
    index % 2 === 0 ? (index / 2) % 11 : (index * 37) % 101,
  );
  const labels = Float64Array.from(
    { length: rows },
    (_, row) => ((data[row * 2] ?? 0) % 3) + (data[row * 2 + 1] ?? 0) / 50,
  );
  using dataset = await Dataset.create({
    data,
    rows,
    columns: 2,
    labels,
    categorical: [0],
    params: { linear_tree: true },
  });
  using booster = await train({
    params: { objective: 'regression', linear_tree: true },
    train: dataset,
    rounds: 5,
    threads: 2,
  });
  text = await booster.toText();
});

const check = (changed: string): void => checkModelText(Buffer.from(changed));

describe('checkModelText', () => {
  it('accepts what LightGBM writes, with categories and linear leaves', () => {
    expect(text).toContain('cat_threshold=');
    expect(text).toContain('is_linear=1');
    expect(() => check(text)).not.toThrow();
  });

  it('refuses every cut before the last tree has ended', () => {
    const end = text.indexOf('end of trees');
    for (let length = 0; length < end; length += 97) {
      expect(() => check(text.slice(0, length)), String(length)).toThrow(LightgbmModelError);
    }
  });

  /** Changes the first entry of that name and mends the tree's size, so that only the value is wrong. */
  const change = (name: string, to: (value: string) => string): string => {
    const found = new RegExp(`^${name}=(.*)$`, 'm').exec(text);
    if (found === null) throw new Error(`no ${name} in the text`);
    const value = to(found[1] ?? '');
    const growth = Buffer.byteLength(value) - Buffer.byteLength(found[1] ?? '');
    const changed = text.replace(found[0], `${name}=${value}`);
    return found.index < text.indexOf('Tree=0')
      ? changed
      : changed.replace(/tree_sizes=(\d+)/, (_, size) => `tree_sizes=${Number(size) + growth}`);
  };

  it('accepts its own repairs', () => {
    expect(() => check(change('shrinkage', () => '0.123456789'))).not.toThrow();
  });

  it.each([
    ['num_class', '2'],
    ['max_feature_idx', '0'],
    ['objective', ''],
    ['tree_sizes', '1 2 3 4 5'],
    ['tree_sizes', 'many'],
    ['num_leaves', '1000000000'],
    ['num_leaves', '-3'],
    ['num_cat', '7000'],
    ['cat_boundaries', '0 900000'],
    ['leaf_features', '9'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => check(change(name, () => value))).toThrow(LightgbmModelError);
  });

  it.each(['split_feature', 'left_child', 'right_child', 'leaf_value', 'num_features', 'cat_threshold'])(
    'refuses a short, a long and a wild %s',
    (name) => {
      expect(() => check(change(name, (value) => value.trimEnd().split(' ').slice(1).join(' ')))).toThrow(
        LightgbmModelError,
      );
      expect(() => check(change(name, (value) => `${value.trimEnd()} 1`))).toThrow(LightgbmModelError);
      if (name !== 'leaf_value' && name !== 'cat_threshold') {
        expect(() => check(change(name, (value) => value.replace(/^\S+/, '999999')))).toThrow(LightgbmModelError);
      }
    },
  );

  it('refuses a tree that runs in a circle', () => {
    expect(() => check(change('left_child', (value) => value.replace(/^\S+/, '0')))).toThrow(
      /left_child of node 0 is 0/,
    );
  });

  it('refuses a tree whose branches meet again', () => {
    const right = /^right_child=(\S+)/m.exec(text)?.[1] ?? '';
    const left = /^left_child=(.*)$/m.exec(text)?.[1]?.split(' ') ?? [];
    expect(() => check(change('left_child', () => [right, ...left.slice(1)].join(' ')))).toThrow(/which cannot be/);
  });

  it('refuses a split by categories in a tree without categories', () => {
    expect(() => check(change('num_cat', () => '0'))).toThrow(/of 0 sets of categories/);
  });

  it('refuses names that are missing, misspelt or doubled, and words that are no numbers', () => {
    expect(() => check(text.replace('leaf_coeff=', 'leaf_c_eff='))).toThrow(/leaf_coeff is missing/);
    expect(() => check(text.replace('internal_count=', 'num_leaves=2\n   ='))).toThrow(LightgbmModelError);
    expect(() => check(change('threshold', (value) => value.replace(/^\S+/, 'much')))).toThrow(
      /threshold must hold numbers, got much/,
    );
  });

  it('refuses bytes that are no text', () => {
    expect(() => checkModelText(new Uint8Array(100))).toThrow(LightgbmModelError);
    expect(() => check('hello')).toThrow(LightgbmModelError);
  });
});
