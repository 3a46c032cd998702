import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** @typedef {import('./fault.mjs').Fault} Fault */

/** What to do, by knip's name of what it found; names that are not here are said as knip says them. */
const advice = /** @type {Readonly<Record<string, string>>} */ ({
  files: 'nothing imports or starts this file: delete it, or name in knip.json who starts it',
  dependencies: 'is never imported: take it out of package.json',
  devDependencies: 'is never imported: take it out of package.json',
  unlisted: 'is imported and not in package.json: add it',
  unresolved: 'is imported and cannot be found',
  exports: 'is exported and nobody imports it: take `export` away, or the whole of it',
  types: 'is exported and nobody imports it: take `export` away, or the whole of it',
  duplicates: 'is exported under several names: keep one',
});

/**
 * Files, exports and dependencies that nobody uses, as knip finds them with the settings of knip.json.
 *
 * @param {string} root folder of the checkout, with a knip.json
 * @returns {Fault[]}
 * @throws where knip itself fails; the message is its own
 */
export function unusedCode(root) {
  const knip = join(dirname(createRequire(import.meta.url).resolve('knip')), '../bin/knip.js');
  const options = ['--directory', root, '--reporter', 'json', '--no-progress', '--no-config-hints'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [knip, ...options], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0 && status !== 1) throw new Error(`knip ended with status ${status}: ${stderr}${stdout}`);
  /** @type {{ issues: readonly Readonly<Record<string, unknown>>[] }} */
  const { issues } = JSON.parse(stdout);
  return issues.flatMap(({ file, ...kinds }) =>
    Object.entries(kinds).flatMap(([kind, found]) =>
      (Array.isArray(found) ? found.flat() : []).map(({ name, line = 1 }) => ({
        file: String(file),
        line,
        message: kind === 'files' ? (advice['files'] ?? '') : `'${name}' ${advice[kind] ?? `is unused (${kind})`}`,
      })),
    ),
  );
}
