import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const root = import.meta.dirname;
const sourceConditions = ['@primatrix/source', 'node', 'import', 'default'];

/**
 * Test settings that every package shares: tests beside the source, packages linked by their
 * sources (no build needed), the files of a package one after the other in one process, which loads what they share once.
 */
function packageTests(
  folder: string,
  special: TestProjectInlineConfiguration['test'] = {},
): TestProjectInlineConfiguration {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as { nx: { name: string } };
  return {
    root: join(root, folder),
    resolve: { conditions: sourceConditions },
    ssr: { resolve: { conditions: sourceConditions, externalConditions: sourceConditions } },
    test: {
      name: manifest.nx.name,
      include: ['src/**/*.test.ts'],
      passWithNoTests: true,
      pool: 'forks',
      isolate: false,
      restoreMocks: true,
      testTimeout: 60_000,
      hookTimeout: 600_000,
      ...special,
    },
  };
}

/** Folders that hold a package.json, on a shelf or on shelves of shelves; seen from the workspace root. */
function packageFolders(shelf: string): string[] {
  if (existsSync(join(root, shelf, 'package.json'))) return [shelf];
  const entries = readdirSync(join(root, shelf), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).flatMap(({ name }) => packageFolders(`${shelf}/${name}`));
}

const packages = ['apps', 'libs', 'tools'].flatMap(packageFolders);
// What takes long and measures: see test/README.md.
const load = process.env['PRIMATRIX_LOAD'] === undefined ? [] : ['load/**/*.test.ts'];
const windows = process.env['PRIMATRIX_WINDOWS'] === undefined ? [] : ['windows/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      ...packages.filter((folder) => existsSync(join(root, folder, 'src'))).map((folder) => packageTests(folder)),
      packageTests('test', {
        include: ['{browser,docs,e2e,fault,golden,release,services}/**/*.test.ts', ...load, ...windows],
        globalSetup: ['/tmp/quick/setup.mjs'],
        isolate: true,
        testTimeout: 240_000,
      }),
    ],
    maxWorkers: 2,
    // The dot reporter stays short in logs; the summary must be the last line of all.
    reporters: process.env['CI'] ? ['dot', './vitest.summary.mts'] : ['default', './vitest.summary.mts'],
  },
});
