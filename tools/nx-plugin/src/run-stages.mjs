// Runs stages of one family, one after the other:
//   node run-stages.mjs <family> <task>... --restored <task>,... --dataset <dir> --profile <name> --folds <n> --seed <n> [--model <name>]... ...
// Nx restores manifests, not the files they speak of, and those may be gone or of another run by now. So a restored
// stage runs again where a file is not the one that its manifest names; the other stages decide for themselves.
import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { sha256File } from '@primatrix/files';
import { passedOnOptions } from './run-settings.mjs';

const artifacts = 'artifacts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    restored: { type: 'string' },
    dataset: { type: 'string' },
    profile: { type: 'string' },
    folds: { type: 'string' },
    seed: { type: 'string' },
    model: { type: 'string', multiple: true },
    ...Object.fromEntries(passedOnOptions.map((name) => [name, /** @type {const} */ ({ type: 'string' })])),
  },
});
const { restored, ...training } = values;
const [family = '', ...tasks] = positionals;
const stages = [
  ...(restored?.split(',') ?? []).map((task) => ({ task, restored: true })),
  ...tasks.map((task) => ({ task, restored: false })),
];

for (const { task, restored } of stages) {
  const inPlace = await isInPlace(task);
  if (restored && inPlace) continue;
  process.exitCode = await runStage(task);
  if (process.exitCode !== 0) break;
}

/**
 * @param {string} task
 * @returns {Promise<number>} the exit status
 */
async function runStage(task) {
  // By its place: tools depend on no app, and this one was built just before.
  const commandLine = new URL('../../../apps/primatrix/dist/main.js', import.meta.url);
  /** @type {{ run(args: readonly string[]): Promise<number> }} */
  const { run } = await import(commandLine.href);
  const options = Object.entries(training).flatMap(([name, value]) =>
    [value].flat().flatMap((each) => [`--${name}`, `${each}`]),
  );
  // Whoever computes it, the result is the same: so it is no part of the task's command, which Nx's cache goes by.
  const remote = process.env['PRIMATRIX_REMOTE'] ? ['--remote'] : [];
  return run(['stage', `${family}:${task}`, ...options, '--artifacts', artifacts, ...remote]);
}

/**
 * Whether a stage's manifest is there and every file is the one that it names. A manifest that is wrong is removed,
 * because the stage itself compares sizes only.
 *
 * @param {string} task
 * @returns {Promise<boolean>}
 */
async function isInPlace(task) {
  const folder = join(artifacts, basename(`${training.dataset}`));
  const file = join(folder, 'stages', family, `${task}.json`);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return false;
  const wrong = await firstWrongFile(folder, text);
  if (wrong === undefined) return true;
  process.stderr.write(`${family}:${task}: ${wrong} is not what the manifest says; it is made again\n`);
  await rm(file);
  return false;
}

/**
 * @param {string} folder
 * @param {string} text of a manifest
 * @returns {Promise<string | undefined>} the first file that is gone or holds something else
 */
async function firstWrongFile(folder, text) {
  /** @type {{ outputs: { path: string, sha256: string }[] }} */
  let manifest;
  try {
    manifest = JSON.parse(text);
  } catch {
    return 'the manifest';
  }
  for (const { path, sha256 } of manifest.outputs) {
    if ((await sha256File(join(folder, path)).catch(() => undefined)) !== sha256) return path;
  }
  return undefined;
}
