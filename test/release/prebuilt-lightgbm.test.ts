import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { ensureLibrary } from '@primatrix/lightgbm-ts';
import { temporaryFolder, workspaceRoot } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = workspaceRoot();
const folder = join(root, `artifacts/native/lightgbm-${process.platform}-${process.arch}`);

/** Trains on made data in several ways, and prints texts of models and the bits of what they predict. */
const trains = `
  import { Dataset, train } from ${JSON.stringify(pathToFileURL(join(root, 'libs/lightgbm-ts/dist/index.js')))};
  const [rows, columns] = [1500, 12];
  let state = 7;
  const next = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const data = Float64Array.from({ length: rows * columns }, (_, i) => (i % 97 === 0 ? Number.NaN : next() * 2 - 1));
  const at = (row, column) => data[row * columns + column] || 0;
  const classOf = (row) => Math.min(2, Math.max(0, Math.floor(1.5 + at(row, 0) + at(row, 1) * at(row, 2) + 0.2 * next())));
  const classes = Array.from({ length: rows }, (_, row) => classOf(row));
  const forest = { bagging_fraction: 0.7, bagging_freq: 1, feature_fraction: 0.6, num_leaves: 15 };
  for (const [params, labels] of [
    [{ objective: 'multiclass', num_class: 3, ...forest }, classes],
    [{ objective: 'binary', num_leaves: 7, lambda_l2: 0.1 }, classes.map((label) => Math.min(1, label))],
    [{ objective: 'regression', min_data_in_leaf: 5 }, classes.map((label, row) => label + at(row, 3))],
  ]) {
    const dataset = await Dataset.create({ data, rows, columns, labels, threads: 1, params });
    const booster = await train({ params, train: dataset, rounds: 25, threads: 1, seed: 3 });
    const out = (await booster.predict({ data, rows, columns }, { threads: 1 })).data;
    console.log(await booster.toText());
    console.log(Buffer.from(out.buffer, out.byteOffset, out.byteLength).toString('base64'));
  }
`;

const skipped = existsSync(join(folder, 'package.json'))
  ? ''
  : ' (skipped: nx run deploy:native --library lightgbm has made none for this machine)';

/** The library that a release brings, compiled by another compiler and without OpenMP, beside the one compiled here. */
describe.skipIf(skipped !== '')(`the prebuilt LightGBM${skipped}`, () => {
  const library = async () => {
    const { main } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { main: string };
    return join(folder, main);
  };

  it('makes the same model texts, and predicts the same bits', { timeout: 600_000 }, async () => {
    await using scratch = await temporaryFolder();
    // A file: threads of a program that stands on the command line do not start.
    await writeFile(scratch.join('trains.mjs'), trains);
    const outputOf = async (path: string) => {
      const { stdout } = await run(process.execPath, [scratch.join('trains.mjs')], {
        env: { ...process.env, PRIMATRIX_LIGHTGBM: path },
        maxBuffer: 64e6,
      });
      return stdout;
    };
    const environment = { ...process.env };
    delete environment['PRIMATRIX_LIGHTGBM'];
    const compiled = await outputOf(await ensureLibrary({ environment }));
    expect(compiled.match(/end of trees/g)).toHaveLength(3);
    expect(await outputOf(await library())).toBe(compiled);
  });

  it.skipIf(process.env['PRIMATRIX_LOAD'] === undefined)(
    'passes the suite that the compiled one passes',
    { timeout: 1_200_000 },
    async () => {
      const { stdout } = await run('npx', ['vitest', 'run', '--project', 'lightgbm-ts'], {
        cwd: root,
        env: { ...process.env, PRIMATRIX_LIGHTGBM: await library(), NO_COLOR: '1' },
        maxBuffer: 64e6,
      });
      process.stderr.write(`prebuilt LightGBM: ${stdout.trim().split('\n').at(-1)}\n`);
      expect(stdout).toMatch(/\n[1-9]\d* passed, 0 failed, \d+ skipped\n?$/);
    },
  );
});
