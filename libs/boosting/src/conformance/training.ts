import assert from 'node:assert/strict';
import type { LabelledTable } from '../binding/native-dataset.ts';
import type { RoundInfo } from '../binding/rounds.ts';
import type { TrainingOptions } from '../binding/training-options.ts';
import { close, near, refused } from './expectations.ts';
import type { Conformance } from '@primatrix/contracts';
import type { BoostingLibrary, TestedBooster, TestedDataset } from './library.ts';
import { noisyClasses, noisyRows } from './problems.ts';

/** Rounds, early stopping, going on, repeatability and refusals of a binding's `train`. */
export function trainingConformance<
  P,
  D extends TestedDataset,
  B extends TestedBooster,
  S extends Float32Array | Float64Array,
>(library: BoostingLibrary<P, D, B, S>): Conformance<void>[] {
  const { params, metrics, errors } = library;
  const tables = noisyClasses();

  /** Runs with a training and a validation set that are disposed of afterwards. */
  const given =
    (
      run: (sets: {
        train: D;
        valid: D;
        fit: (more: Partial<TrainingOptions<P, D, B, S>>) => Promise<B>;
      }) => Promise<void>,
    ) =>
    async () => {
      using train = await library.createDataset(tables.train);
      using valid = await library.createDataset(tables.valid, train);
      await run({
        train,
        valid,
        fit: (more) => library.train({ params: params.classes, train, rounds: 10, threads: 2, ...more }),
      });
    };
  const twoClasses = (table: LabelledTable & { readonly labels: Float32Array }) => ({
    ...table,
    labels: table.labels.map((label) => Math.min(label, 1)),
  });

  return [
    {
      name: 'stops early and keeps the best round',
      run: given(async ({ valid, fit }) => {
        const losses: number[] = [];
        let last: RoundInfo | undefined;
        using booster = await fit({
          valid: { valid },
          rounds: 500,
          earlyStopping: { rounds: 8 },
          onRound: (info) => {
            losses.push(info.metrics['valid']?.[metrics.logLoss] ?? Number.NaN);
            last = info;
          },
        });
        const best = losses.indexOf(Math.min(...losses)) + 1;
        assert.equal(losses.length, best + 8);
        assert.deepEqual([booster.rounds, last?.bestRound, last?.bestScore], [best, best, Math.min(...losses)]);
        // The kept rounds give the loss that was measured at the best one.
        const { data: scores } = await booster.predict(tables.valid);
        const loss =
          tables.valid.labels.reduce((sum, label, row) => sum - Math.log(scores[row * 3 + label] ?? 0), 0) / noisyRows;
        close(loss, Math.min(...losses), 6);
      }),
    },
    {
      name: 'follows the metric it is told, upwards where more is better',
      run: async () => {
        using train = await library.createDataset(twoClasses(tables.train));
        using valid = await library.createDataset(twoClasses(tables.valid), train);
        let last: RoundInfo | undefined;
        using booster = await library.train({
          params: params.binary,
          train,
          valid: { valid },
          rounds: 300,
          threads: 2,
          earlyStopping: { rounds: 10, metric: 'auc' },
          onRound: (info) => void (last = info),
        });
        assert.equal(booster.outputs, 1);
        assert.ok((last?.bestScore ?? 0) > 0.7);
        assert.ok((last?.bestScore ?? 0) >= (last?.metrics['valid']?.['auc'] ?? 1));
      },
    },
    {
      name: 'measures the training set when it is given as a validation set',
      run: given(async ({ train, valid, fit }) => {
        const seen: (readonly string[])[] = [];
        const falling: number[] = [];
        (
          await fit({
            valid: { self: train, valid },
            onRound: (info) => {
              seen.push(Object.keys(info.metrics));
              falling.push(info.metrics['self']?.[metrics.logLoss] ?? Number.NaN);
            },
          })
        ).dispose();
        assert.deepEqual(seen[9], ['self', 'valid']);
        assert.deepEqual(
          falling,
          [...falling].sort((a, b) => b - a),
        );
      }),
    },
    {
      name: 'ends when onRound says so, and between rounds when the signal does',
      run: given(async ({ fit }) => {
        using booster = await fit({ onRound: ({ round }) => (round === 3 ? 'stop' : undefined) });
        assert.equal(booster.rounds, 3);
        const controller = new AbortController();
        const rounds: number[] = [];
        const aborted = fit({
          rounds: 10_000,
          signal: controller.signal,
          onRound: ({ round }) => {
            rounds.push(round);
            if (round === 5) setTimeout(() => controller.abort(new Error('enough')), 0);
          },
        });
        await refused(aborted, Error, /^enough$/);
        assert.ok(rounds.length < 10_000);
      }),
    },
    {
      name: 'lets the event loop live',
      run: given(async ({ fit }) => {
        let ticks = 0;
        const timer = setInterval(() => ticks++, 1);
        (await fit({ rounds: 60 })).dispose();
        clearInterval(timer);
        assert.ok(ticks > 10, `the timer must have ticked more than 10 times, got ${ticks}`);
      }),
    },
    {
      name: 'measures what it is asked to, and can follow it',
      run: given(async ({ valid, fit }) => {
        let last: RoundInfo | undefined;
        const rightShare = (scores: S): Record<string, number> => {
          const right = tables.valid.labels.filter((label, row) =>
            [0, 1, 2].every(
              (output) => library.score(scores, row, output, noisyRows) <= library.score(scores, row, label, noisyRows),
            ),
          );
          return { right: right.length / noisyRows };
        };
        using booster = await fit({
          params: params.mistakes,
          valid: { valid },
          rounds: 60,
          evaluate: rightShare,
          earlyStopping: { rounds: 10, metric: 'right', maximise: true },
          onRound: (info) => {
            last = info;
            close((info.metrics['valid']?.['right'] ?? 0) + (info.metrics['valid']?.[metrics.mistakes] ?? 0), 1, 2);
          },
        });
        assert.equal(booster.rounds, last?.bestRound);
        assert.ok((last?.bestScore ?? 0) > 0.6);
      }),
    },
    {
      name: 'goes on from an earlier booster as if it had never stopped',
      run: given(async ({ fit }) => {
        using first = await fit({ rounds: 6, seed: 3 });
        using train = await library.continued(tables.train, first);
        using booster = await fit({ train, from: first, rounds: 4, seed: 3 });
        using whole = await fit({ rounds: 10, seed: 3 });
        assert.equal(booster.rounds, 10);
        near(
          (await booster.predict(tables.valid, { type: 'raw' })).data,
          (await whole.predict(tables.valid, { type: 'raw' })).data,
          1e-4,
        );
      }),
    },
    {
      name: 'gives the same model for the same seed',
      run: given(async ({ fit }) => {
        const text = async (seed: number, threads: number): Promise<string> => {
          using booster = await fit({ params: params.random, seed, threads });
          return booster.toText();
        };
        const first = await text(7, 2);
        assert.equal(await text(7, 2), first);
        assert.equal(library.trees(await text(7, 1)), library.trees(first));
        assert.notEqual(library.trees(await text(8, 2)), library.trees(first));
      }),
    },
    {
      name: 'trains two boosters at once as it trains them one after another',
      run: given(async ({ fit }) => {
        const both = await Promise.all([fit({ seed: 1 }), fit({ seed: 2, params: params.random })]);
        const alone = [await fit({ seed: 1 }), await fit({ seed: 2, params: params.random })];
        for (const [index, booster] of both.entries()) {
          assert.equal(await booster.toText(), await alone[index]?.toText());
        }
        for (const booster of [...both, ...alone]) booster.dispose();
      }),
    },
    {
      name: 'tells the library’s own words',
      run: given(async ({ fit }) => {
        await refused(fit({ params: params.tooFewClasses }), errors.native, /[Ll]abel must be in \[0, /);
        await refused(fit({ params: params.negative }), errors.native, new RegExp(library.params.negativeName));
      }),
    },
    ...library.wrongParams.map(([what, wrong, hint]) => ({
      name: `refuses ${what}`,
      run: given(async ({ fit }) => {
        const error = await refused(fit({ params: wrong }), errors.input);
        if (hint !== null) {
          assert.ok(String((error as { hint?: string }).hint).includes(`'${hint}'`), `the hint must name '${hint}'`);
        }
      }),
    })),
    {
      name: 'refuses no rounds, a seed that is no whole number, and early stopping with nothing to follow',
      run: given(async ({ valid, fit }) => {
        await refused(fit({ rounds: 0 }), errors.input);
        await refused(fit({ seed: 0.5 }), errors.input);
        await refused(fit({ earlyStopping: { rounds: 5 } }), errors.input);
        await refused(
          fit({ valid: { valid }, earlyStopping: { rounds: 3, metric: 'auc' } }),
          errors.input,
          new RegExp(`one of \\[${metrics.logLoss}\\], got auc`),
        );
      }),
    },
    {
      name: 'refuses gradients without a custom objective, and the other way round',
      run: given(async ({ fit }) => {
        await refused(fit({ gradients: () => undefined }), errors.input);
        await refused(fit({ params: params.custom }), errors.input);
      }),
    },
    {
      name: 'refuses datasets that were disposed of, but not in the middle',
      run: given(async ({ fit }) => {
        const dataset = await library.createDataset(tables.train);
        const running = fit({ train: dataset, rounds: 20 });
        dataset.dispose();
        (await running).dispose();
        await refused(fit({ train: dataset }), errors.disposed);
      }),
    },
  ];
}
