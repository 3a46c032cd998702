import assert from 'node:assert/strict';
import type { Conformance } from '@primatrix/contracts';
import type { FeatureMatrix, JsonValue, StackFamily, StackFitInput } from '@primatrix/families';
import { Rng } from '@primatrix/rng';
import { stackTargets, type StackTarget } from './tree-stack.ts';

/** A stacker of trees under test, with parameters that suit a few hundred rows. */
export interface TreeStackUnderTest {
  readonly family: StackFamily;
  readonly params: JsonValue;
}

const columns = ['first', 'second', 'noise'];
const classes = 3;

/** Class 0 by the first column, class 2 by the second, so that a clip may be of both; class 1 where it is of neither. */
function clips(rows: number, seed: number): { matrix: FeatureMatrix; labels: Uint8Array } {
  const rng = Rng.of(seed, 'clips');
  const data = Float32Array.from({ length: rows * columns.length }, () =>
    rng.uniform() < 0.05 ? Number.NaN : rng.normal(),
  );
  const labels = new Uint8Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const [first, last] = [(data[row * 3] ?? 0) > 0.2, (data[row * 3 + 1] ?? 0) > 0.2];
    labels.set([Number(first), Number(!first && !last), Number(last)], row * classes);
  }
  return { matrix: { data, rows, columns }, labels };
}

const [train, valid] = [clips(300, 1), clips(200, 2)];

function inputOf(params: JsonValue, target: StackTarget): StackFitInput {
  const settings: JsonValue = { target, rounds: 60, patience: 10, params };
  return {
    train: train.matrix,
    labels: train.labels,
    valid: valid.matrix,
    validLabels: valid.labels,
    classes,
    settings,
    seed: 3,
    threads: 1,
  };
}

/** Share of the 0/1 labels that rounding the probabilities gives. */
function agreement(probabilities: Float64Array): number {
  return probabilities.filter((p, i) => Math.round(p) === valid.labels[i]).length / probabilities.length;
}

async function predicted({ family, params }: TreeStackUnderTest, target: StackTarget): Promise<Float64Array> {
  const model = await family.fit(inputOf(params, target));
  const result = await model.predict(valid.matrix);
  model.dispose();
  return result;
}

/** What every stacker of trees must do, free of any test runner: `it.each(treeStackConformance)('$name', ({ run }) => run(subject))`. */
export const treeStackConformance: readonly Conformance<TreeStackUnderTest>[] = [
  ...stackTargets.map((target) => ({
    name: `${target}: survives its text, gives the same bytes for the same seed, and knows which columns matter`,
    run: async ({ family, params }: TreeStackUnderTest) => {
      const model = await family.fit(inputOf(params, target));
      const text = await model.toText();
      const again = await family.load(text);
      assert.deepEqual(await again.predict(valid.matrix), await model.predict(valid.matrix));
      assert.equal(await again.toText(), text);
      // One thread or three, where the family says that it does not matter.
      const twin = await family.fit({ ...inputOf(params, target), threads: family.anyThreads === true ? 3 : 1 });
      assert.equal(await twin.toText(), text);
      const [first = 0, second = 0, noise = 0] = await again.importance();
      assert.ok(Math.min(first, second) > 5 * noise, `gains are ${first}, ${second}, and ${noise} for noise`);
      for (const one of [model, again, twin]) one.dispose();
    },
  })),
  {
    name: 'gives probabilities that add to 1 when a clip counts as its last class',
    run: async (subject) => {
      const probabilities = await predicted(subject, 'last-positive');
      for (let row = 0; row < valid.matrix.rows; row++) {
        const sum = probabilities.subarray(row * classes, (row + 1) * classes).reduce((total, p) => total + p, 0);
        assert.ok(Math.abs(sum - 1) < 1e-6, `row ${row} adds to ${sum}`);
      }
    },
  },
  {
    name: 'tells clips of two classes by both of them only with one-vs-rest',
    run: async (subject) => {
      const [last, each] = [
        agreement(await predicted(subject, 'last-positive')),
        agreement(await predicted(subject, 'one-vs-rest')),
      ];
      assert.ok(each > 0.93 && each > last + 0.03, `agreement is ${each} with one-vs-rest, ${last} with last-positive`);
    },
  },
  {
    name: 'ends when it is told to',
    run: async ({ family, params }) => {
      const controller = new AbortController();
      const fit = family.fit({
        ...inputOf(params, 'last-positive'),
        signal: controller.signal,
        onRound: () => controller.abort(new Error('enough')),
      });
      await assert.rejects(fit, /enough/);
    },
  },
  {
    name: 'refuses settings and models that are not its own',
    run: async ({ family, params }) => {
      await assert.rejects(
        family.fit({
          ...inputOf(params, 'last-positive'),
          settings: { target: 'both', rounds: 1, patience: 1, params },
        }),
        /target/,
      );
      await assert.rejects(family.fit(inputOf({ no_such_parameter: 1 }, 'last-positive')), /no_such_parameter/);
      await assert.rejects(family.load('{"nothing": 1}'));
    },
  },
];
