import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageFolders, packagesBehind, startRegistry, workspacePackages } from '@primatrix/deploy';
import { freePort, temporaryFolder, workspaceRoot } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { copyWorkspace } from '../support/copied-workspace.ts';

const run = promisify(execFile);
const root = workspaceRoot();
/** What is released here: a library with two siblings below it, and what it needs of others. */
const released = packagesBehind(workspacePackages(root), '@primatrix/dataset');
const others = ['zod', 'csv-parse', 'csv-stringify'];

it('versions what changed, publishes it with real ranges, and what is installed from there runs', async () => {
  await using workspace = await copyWorkspace();
  await using storage = await temporaryFolder('primatrix-registry-');
  // It passes nothing on: the test reaches no other registry.
  await using registry = await startRegistry({ storage: storage.path, port: await freePort() });
  const npmrc = storage.join('npmrc');
  await writeFile(npmrc, `${registry.npmrc}ignore-scripts=true\naudit=false\nfund=false\nupdate-notifier=false\n`);
  const env = { NPM_CONFIG_USERCONFIG: npmrc, npm_config_registry: registry.url, CI: 'true' };
  const npm = (cwd: string, ...args: string[]) => run('npm', args, { cwd, env: { ...process.env, ...env } });

  // A history: the first commit is released, the second mends one package.
  const author = {
    GIT_AUTHOR_NAME: 'test',
    GIT_AUTHOR_EMAIL: 'test@localhost',
    GIT_COMMITTER_NAME: 'test',
    GIT_COMMITTER_EMAIL: 'test@localhost',
  };
  const git = async (...args: string[]) =>
    (
      await run('git', args, {
        cwd: workspace.path,
        env: { ...process.env, ...author, GIT_CONFIG_GLOBAL: '/dev/null' },
      })
    ).stdout.trim();
  await git('init', '-q', '-b', 'main');
  await git('add', '-A');
  await git('commit', '-qm', 'feat: all of it');
  for (const { project, manifest } of workspacePackages(workspace.path).values()) {
    await git('tag', `${project}@${manifest.version}`);
  }
  await appendFile(join(workspace.path, 'libs/rng/src/index.ts'), '// mended\n');
  await git('commit', '-qam', 'fix(rng): draw evenly');
  const before = workspacePackages(workspace.path).get('@primatrix/rng')?.manifest.version as string;
  const next = before.replace(/\d+$/, (patch) => `${Number(patch) + 1}`);

  const dry = await workspace.node([nx, 'release', '--projects=rng', '--dry-run', '--skip-publish'], {
    ...env,
    ...author,
  });
  expect(dry, dry.output).toMatchObject({ status: 0 });
  expect(dry.output).toContain(next);
  expect(await git('status', '--porcelain')).toBe('');
  const version = await workspace.node([nx, 'release', '--projects=rng', '--skip-publish'], { ...env, ...author });
  expect(version, version.output).toMatchObject({ status: 0 });
  // Only what is released has a new version: others take it by their ranges.
  expect((await git('tag', '--points-at', 'HEAD')).split('\n')).toEqual([`rng@${next}`]);
  expect(await readFile(join(workspace.path, 'libs/rng/CHANGELOG.md'), 'utf8')).toMatch(/draw evenly/);
  expect(await git('log', '-1', '--format=%s')).toBe('chore(release): publish');

  // What is built here need not be built there again.
  for (const place of packageFolders(root, ['apps', 'libs', 'tools'])) {
    const [from, to] = [root, workspace.path].map((base) => join(base, place, 'dist')) as [string, string];
    if (existsSync(from)) await cp(from, to, { recursive: true, preserveTimestamps: true });
  }
  const staged = await workspace.node(['tools/deploy/dist/main.js', 'stage']);
  expect(staged, staged.output).toMatchObject({ status: 0 });
  const published = await workspace.node(
    [nx, 'release', 'publish', `--projects=${released.map(({ project }) => project).join(',')}`],
    env,
  );
  expect(published, published.output).toMatchObject({ status: 0 });
  // The registry holds what they need of others as well, from what is installed.
  for (const name of others) await npm(join(root, 'node_modules', name), 'publish', '--ignore-scripts');

  await using empty = await temporaryFolder('primatrix-installed-');
  await writeFile(empty.join('package.json'), '{ "private": true, "type": "module" }');
  await npm(empty.path, 'install', '@primatrix/dataset', '--cache', storage.join('cache'));
  const manifest = JSON.parse(await readFile(empty.join('node_modules/@primatrix/dataset/package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  expect(manifest.dependencies).toMatchObject({
    '@primatrix/rng': `^${next}`,
    '@primatrix/contracts': expect.stringMatching(/^\^\d/) as string,
  });
  expect(existsSync(empty.join('node_modules/@primatrix/rng/LICENSE'))).toBe(true);
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: empty.path });
  expect(JSON.parse(stdout)).toEqual([6, 6]);
});

const nx = 'node_modules/nx/dist/bin/nx.js';
/** Deals clips into folds and prints their sizes. */
const program = `
import { makeFolds } from '@primatrix/dataset';
const clips = Array.from({ length: 12 }, (_, i) => ({ filename: 'clip-' + i, labels: [i % 2] }));
process.stdout.write(JSON.stringify(makeFolds(clips, { classes: ['a'], folds: 2, seed: 1 }).folds.map((fold) => fold.length)));
`;
