#!/usr/bin/env node
// In an installed package dist/ is there. In a fresh checkout it is not: it is built once, here, so that
// `npx primatrix` works straight after `npm ci`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = new URL('../dist/main.js', import.meta.url);
const workspace = join(dirname(fileURLToPath(import.meta.url)), '../../..');

if (!existsSync(main)) {
  if (!existsSync(join(workspace, 'tsconfig.json'))) {
    process.stderr.write('primatrix: this installation has no dist folder; install the package again\n');
    process.exit(2);
  }
  process.stderr.write('primatrix: building the checkout once...\n');
  const compiler = join(workspace, 'node_modules/@typescript/native/bin/tsc');
  const build = spawnSync(process.execPath, [compiler, '-b', join(workspace, 'tsconfig.json')], {
    stdio: ['ignore', process.stderr, process.stderr],
  });
  if (build.status !== 0) process.exit(2);
}

const { run } = await import(main.href);
process.exitCode = await run(process.argv.slice(2));
