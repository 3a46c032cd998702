import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { close, refused } from './expectations.ts';
import type { Conformance } from '@primatrix/contracts';
import type { BoostingLibrary, TestedBooster, TestedDataset } from './library.ts';
import { clearClasses, clearColumns } from './problems.ts';

const featureNames = ['a', 'b', 'c', 'd', 'e', 'ü'];

/** Predictions, files and memory of a binding's booster. */
export function boosterConformance<
  P,
  D extends TestedDataset,
  B extends TestedBooster,
  S extends Float32Array | Float64Array,
>(library: BoostingLibrary<P, D, B, S>): Conformance<void>[] {
  const { params, errors, decimals } = library;
  const test = clearClasses(400, 2);

  const given = (run: (booster: B) => Promise<void>) => async () => {
    const { matrix, labels } = clearClasses(1500, 1);
    using dataset = await library.createDataset({ ...matrix, labels, featureNames });
    using booster = await library.train({ params: params.smallTrees, train: dataset, rounds: 40, seed: 1, threads: 2 });
    await run(booster);
  };
  const inFolder = (run: (booster: B, folder: string) => Promise<void>) =>
    given(async (booster) => {
      const folder = await mkdtemp(join(tmpdir(), 'boosting-conformance-'));
      try {
        await run(booster, folder);
      } finally {
        await rm(folder, { recursive: true });
      }
    });

  return [
    {
      name: 'learns a separable problem of three classes',
      run: given(async (booster) => {
        const { data, shape } = await booster.predict(test.matrix);
        assert.deepEqual([...shape], [400, 3]);
        let right = 0;
        for (let row = 0; row < 400; row++) {
          const scores = [...data.subarray(row * 3, row * 3 + 3)];
          close(
            scores.reduce((sum, p) => sum + p, 0),
            1,
            decimals.sum,
          );
          if (scores.indexOf(Math.max(...scores)) === test.labels[row]) right++;
        }
        assert.ok(right / 400 > 0.93, `more than 93 % must be right, got ${right / 4} %`);
      }),
    },
    {
      name: 'gives the same for rows, columns and doubles',
      run: given(async (booster) => {
        const { data, rows } = test.matrix;
        const byColumn = new Float64Array(data.length);
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < clearColumns; column++) {
            byColumn[column * rows + row] = data[row * clearColumns + column] ?? Number.NaN;
          }
        }
        const expected = await booster.predict(test.matrix);
        assert.deepEqual(
          (await booster.predict({ data: byColumn, rows, columns: clearColumns, layout: 'column' })).data,
          expected.data,
        );
      }),
    },
    {
      name: 'has contributions that sum up to the raw score',
      run: given(async (booster) => {
        const raw = await booster.predict(test.matrix, { type: 'raw' });
        const contributions = await booster.predict(test.matrix, { type: 'contributions' });
        assert.deepEqual([...contributions.shape], [400, 3, clearColumns + 1]);
        for (const [index, score] of raw.data.entries()) {
          const parts = [...contributions.data.subarray(index * (clearColumns + 1), (index + 1) * (clearColumns + 1))];
          close(
            parts.reduce((sum, part) => sum + part, 0),
            score,
            decimals.contributions,
          );
        }
      }),
    },
    {
      name: 'numbers leaves by round and class',
      run: given(async (booster) => {
        const { data, shape } = await booster.predict(test.matrix, { type: 'leaf', rounds: 5 });
        assert.deepEqual([...shape], [...library.leafShape(400, 5, 3)]);
        assert.ok(data.every((leaf) => Number.isInteger(leaf) && leaf >= 0 && leaf <= library.mostLeaf));
      }),
    },
    {
      name: 'uses only the first rounds when asked',
      run: given(async (booster) => {
        const few = await booster.predict(test.matrix, { rounds: 3 });
        assert.notDeepEqual(few.data, (await booster.predict(test.matrix)).data);
        await refused(booster.predict(test.matrix, { rounds: 41 }), errors.input);
      }),
    },
    {
      name: 'refuses another number of columns',
      run: given(async (booster) => {
        await refused(
          booster.predict({ data: new Float32Array(10), rows: 2, columns: 5 }),
          errors.input,
          /trained on 6 columns, got 5/,
        );
        await refused(booster.predict({ data: new Float32Array(11), rows: 2, columns: 6 }), errors.input);
      }),
    },
    {
      name: 'has a text that goes through a booster unchanged, and predictions stay the same to the last bit',
      run: given(async (booster) => {
        const text = await booster.toText();
        using again = await library.fromText(text);
        assert.equal(await again.toText(), text);
        assert.deepEqual(
          [again.rounds, again.outputs, again.columns, [...again.featureNames]],
          [40, 3, 6, featureNames],
        );
        assert.deepEqual((await again.predict(test.matrix)).data, (await booster.predict(test.matrix)).data);
      }),
    },
    {
      name: 'is saved whole and loaded again',
      run: inFolder(async (booster, folder) => {
        const path = join(folder, 'new', library.modelFile);
        await booster.save(path);
        assert.deepEqual(await readdir(join(folder, 'new')), [library.modelFile]);
        assert.equal(await readFile(path, 'utf8'), await booster.toText());
        using again = await library.load(path);
        assert.deepEqual(
          (await again.predict(test.matrix, { type: 'raw' })).data,
          (await booster.predict(test.matrix, { type: 'raw' })).data,
        );
      }),
    },
    {
      name: 'is refused when its file is damaged or absent',
      run: inFolder(async (booster, folder) => {
        const path = join(folder, library.modelFile);
        const text = await booster.toText();
        await writeFile(path, text.slice(0, text.length / 2));
        await refused(library.load(path), errors.model);
        await refused(library.load(join(folder, `absent-${library.modelFile}`)), Error, /ENOENT/);
      }),
    },
    {
      name: 'tells which columns matter',
      run: given(async (booster) => {
        const gain = [...(await booster.featureImportance('gain'))];
        const split = [...(await booster.featureImportance('split'))];
        assert.ok(Math.min(gain[0] ?? 0, gain[1] ?? 0) > 5 * Math.max(...gain.slice(2)));
        assert.ok(split.every(Number.isInteger));
      }),
    },
    {
      name: 'cannot be used after it was disposed of, but lets running work end',
      run: given(async (booster) => {
        const other = await library.fromText(await booster.toText());
        const running = other.predict(test.matrix);
        other.dispose();
        other.dispose();
        assert.deepEqual((await running).data, (await booster.predict(test.matrix)).data);
        await refused(other.predict(test.matrix), errors.disposed);
        await refused(other.toText(), errors.disposed);
      }),
    },
    {
      name: 'gives memory back',
      run: given(async (booster) => {
        const { matrix, labels } = clearClasses(20_000, 3);
        const text = await booster.toText();
        const once = async (): Promise<void> => {
          using dataset = await library.createDataset({ ...matrix, labels });
          using trained = await library.train({ params: params.smallTrees, train: dataset, rounds: 1, threads: 2 });
          using loaded = await library.fromText(text);
          await trained.predict(matrix);
          await loaded.predict(matrix);
        };
        for (let warmUp = 0; warmUp < 10; warmUp++) await once();
        const before = process.memoryUsage().rss;
        for (let turn = 0; turn < 40; turn++) await once();
        // Kept datasets and boosters would be about 2 MB a turn.
        const grown = process.memoryUsage().rss - before;
        assert.ok(grown < 40e6, `memory must not grow, grew by ${grown} bytes`);
      }),
    },
  ];
}
