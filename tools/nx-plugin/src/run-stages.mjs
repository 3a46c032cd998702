// Runs stages of one family one after the other, each only as far as its result is not there:
//   node run-stages.mjs <family> <task>... --dataset <dir> --profile <name> --folds <n> --seed <n>
// Nx restores manifests, not the files they speak of, and those may be gone or of another run by now. So a
// manifest whose files are not the ones it names is dropped first; then its stage makes them again.
import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { sha256File } from '@primatrix/files';

const artifacts = 'artifacts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { dataset: { type: 'string' }, profile: { type: 'string' }, folds: { type: 'string' }, seed: { type: 'string' } },
});
const [family = '', ...tasks] = positionals;
const options = Object.entries(values).flatMap(([name, value]) => [`--${name}`, `${value}`]);

// By its place: tools depend on no app, and this one runs what the task before it has built.
const commandLine = new URL('../../../apps/primatrix/dist/main.js', import.meta.url);
/** @type {{ run(args: readonly string[]): Promise<number> }} */
const { run } = await import(commandLine.href);

for (const task of tasks) {
  await dropUntrueManifest(task);
  process.exitCode = await run(['stage', `${family}:${task}`, ...options, '--artifacts', artifacts]);
  if (process.exitCode !== 0) break;
}

/** @param {string} task */
async function dropUntrueManifest(task) {
  const folder = join(artifacts, basename(`${values.dataset}`));
  const file = join(folder, 'stages', family, `${task}.json`);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const untrue = await firstUntrue(folder, text);
  if (untrue === undefined) return;
  process.stderr.write(`${family}:${task}: ${untrue} is not what its manifest says; it is made again\n`);
  await rm(file);
}

/**
 * @param {string} folder
 * @param {string} text of a manifest
 * @returns {Promise<string | undefined>} the first file that is gone or holds something else
 */
async function firstUntrue(folder, text) {
  /** @type {{ outputs: { path: string, sha256: string }[] }} */
  let manifest;
  try {
    manifest = JSON.parse(text);
  } catch {
    return 'nothing';
  }
  for (const { path, sha256 } of manifest.outputs) {
    if ((await sha256File(join(folder, path)).catch(() => undefined)) !== sha256) return path;
  }
  return undefined;
}
