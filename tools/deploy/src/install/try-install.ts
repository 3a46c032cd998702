import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PrimatrixError } from '@primatrix/contracts';
import type { PackageLock } from '../pruned-lock.ts';
import { makePlainPath } from './plain-path.ts';

const run = promisify(execFile);

/** The smallest training that is still all of the pipeline. */
const training = ['--folds', '2', '--only', 'net-imagehash-gru'];
const clips = '24';

/** What was seen of one installation. */
export interface InstallResult {
  /** As the program says it: `v24.22.3`. */
  readonly node: string;
  readonly scripts: boolean;
  /** Of `npm install` with an empty cache. */
  readonly seconds: number;
  readonly megabytes: number;
  readonly packages: number;
  /** Seconds of each command that was tried, in order. */
  readonly tried: Readonly<Record<string, number>>;
}

/**
 * Installs `primatrix` into an empty folder, with Node and npm alone on PATH and caches of its own, and has it draw a
 * sample, train, predict, and show its page.
 * @param folder made, for all of it
 * @param node path of the program
 * @throws PrimatrixError INSTALL_TRY with the words of the command that failed
 */
export async function tryInstall(
  folder: string,
  { node, scripts, registryUrl }: { readonly node: string; readonly scripts: boolean; readonly registryUrl: string },
): Promise<InstallResult> {
  const [bin, project] = [join(folder, 'bin'), join(folder, 'project')];
  await makePlainPath(bin, node);
  await mkdir(project);
  await writeFile(join(folder, 'npmrc'), `registry=${registryUrl}\naudit=false\nfund=false\nupdate-notifier=false\n`);
  await writeFile(join(project, 'package.json'), '{ "private": true }\n');
  const env = {
    PATH: bin,
    HOME: folder,
    NPM_CONFIG_USERCONFIG: join(folder, 'npmrc'),
    npm_config_cache: join(folder, 'npm-cache'),
    PRIMATRIX_CACHE: join(folder, 'cache'),
    PRIMATRIX_WEIGHTS: join(folder, 'weights'),
  };
  const here = { cwd: project, env, maxBuffer: 64e6 };
  /** @returns seconds */
  const succeeds = async (command: string, args: readonly string[], accepted: readonly number[] = [0]) => {
    const started = performance.now();
    await run(command, args, here).catch((error: { code?: unknown; stdout?: string; stderr?: string }) => {
      if (accepted.includes(Number(error.code))) return;
      const words = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim().split('\n').slice(-20).join('\n  ');
      throw new PrimatrixError('INSTALL_TRY', `deploy: ${node}: ${command} ${args.join(' ')}\n  ${words}`, {
        cause: error,
      });
    });
    return (performance.now() - started) / 1000;
  };
  const seconds = await succeeds('npm', ['install', 'primatrix', ...(scripts ? [] : ['--ignore-scripts'])]);
  const modules = join(project, 'node_modules');
  const { packages } = JSON.parse(await readFile(join(modules, '.package-lock.json'), 'utf8')) as PackageLock;

  const primatrix = (accepted: readonly number[], ...args: string[]) =>
    succeeds('npx', ['--no-install', 'primatrix', ...args], accepted);
  // 1: a sample has files that are no clips, and rows of them say so.
  const noted = [0, 1];
  const bundle = join('artifacts', 'sample', 'bundle');
  const tried = {
    doctor: await primatrix([0], 'doctor'),
    sample: await primatrix([0], 'sample', '--out', 'sample', '--clips', clips),
    train: await primatrix(noted, 'train', '--dataset', 'sample', '--artifacts', 'artifacts', ...training),
    predict: await primatrix(noted, 'predict', join('sample', 'clips'), '--bundle', bundle, '--out', 'p.csv'),
    ui: await opensPages([node, join(modules, 'primatrix/bin/primatrix.js')], ['--bundle', bundle], here),
  };
  const rows = (await readFile(join(project, 'p.csv'), 'utf8')).trim().split('\n').length - 1;
  if (rows < Number(clips)) throw new PrimatrixError('INSTALL_TRY', `deploy: ${node}: predict wrote ${rows} rows`);
  return {
    node: (await run(node, ['--version'])).stdout.trim(),
    scripts,
    seconds,
    megabytes: await megabytesOf(modules),
    packages: Object.keys(packages).length,
    tried,
  };
}

/**
 * Starts `ui` on an empty folder, asks for its page, and ends it as Ctrl-C does.
 * @returns seconds until it ended
 */
async function opensPages(
  [node = '', program = '']: readonly string[],
  options: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<number> {
  const started = performance.now();
  await mkdir(join(cwd, 'season'));
  const child = spawn(node, [program, 'ui', 'season', '--no-open', ...options], {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const closed = once(child, 'close');
  let said = '';
  child.stderr.setEncoding('utf8');
  const address = new Promise<string>((resolve) => {
    child.stderr.on('data', (text: string) => {
      said += text;
      const [, url] = /open +(\S+)/.exec(said) ?? [];
      if (url !== undefined && said.includes('(Ctrl-C')) resolve(url);
    });
  });
  const url = await Promise.race([address, closed.then(() => undefined)]);
  const page = url === undefined ? '' : await fetch(url).then((answer) => answer.text(), String);
  child.kill('SIGINT');
  const [status] = (await closed) as [number | null];
  if (!page.includes('<title>Primatrix</title>') || status !== 0) {
    throw new PrimatrixError(
      'INSTALL_TRY',
      `deploy: ${dirname(node)}: ui ended with ${status}; page: ${page.slice(0, 200)}\n  ${said.trim()}`,
    );
  }
  return (performance.now() - started) / 1000;
}

/** As `du` counts: whole blocks of the disk. */
async function megabytesOf(folder: string): Promise<number> {
  return Number((await run('du', ['-sm', folder])).stdout.split('\t')[0]);
}
