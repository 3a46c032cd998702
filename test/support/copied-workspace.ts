import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, lstat, mkdir, readFile, readdir, readlink, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { packageFolders } from '@primatrix/deploy';
import { temporaryFolder, workspaceRoot } from '@primatrix/testkit';

/** What a command came to. */
interface CommandResult {
  readonly status: number | null;
  /** Both streams, in the order in which they came. */
  readonly output: string;
}

/** A run of Nx: every task it ran or took from its cache. */
export interface NxRun extends CommandResult {
  /** Names as `project:target`, sorted. */
  readonly executed: readonly string[];
  readonly restored: readonly string[];
  readonly seconds: number;
}

/** A copy of this workspace with a cache of its own, as a fresh checkout after `npm ci`. */
export interface CopiedWorkspace extends AsyncDisposable {
  readonly path: string;
  /** Runs a Node script of the workspace. */
  node(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CommandResult>;
  nx(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<NxRun>;
}

const madeThings = new Set(['node_modules', 'dist', 'out-tsc', '.nx', '.git', 'artifacts', 'coverage', '.vite']);

/**
 * Copies the sources, and links the installed packages.
 * @param built copies what is built, too: `tsc -b` then finds little to do
 */
export async function copyWorkspace({ built = false } = {}): Promise<CopiedWorkspace> {
  const folder = await temporaryFolder('primatrix-nx-');
  const root = workspaceRoot();
  for (const entry of await readdir(root)) {
    if (madeThings.has(entry) || entry === 'data') continue;
    await cp(join(root, entry), folder.join(entry), {
      recursive: true,
      filter: (source) => !madeThings.has(basename(source)),
    });
  }
  await linkPackages(join(root, 'node_modules'), folder.join('node_modules'));
  // What npm could not put at the top lies in the package that wants it.
  for (const place of packageFolders(folder.path, ['apps', 'libs', 'tools'])) {
    const nested = join(root, place, 'node_modules');
    if (existsSync(nested)) await symlink(nested, folder.join(place, 'node_modules'));
    const dist = join(root, place, 'dist');
    if (built && existsSync(dist)) {
      await cp(dist, folder.join(place, 'dist'), { recursive: true, preserveTimestamps: true });
    }
  }

  const node: CopiedWorkspace['node'] = (args, env = {}) => runNode(folder.path, args, env);
  return {
    path: folder.path,
    node,
    async nx(args, env) {
      const start = performance.now();
      const result = await node(['node_modules/nx/dist/bin/nx.js', ...args], env);
      const seconds = (performance.now() - start) / 1000;
      const { tasks } = JSON.parse(await readFile(folder.join('.nx/cache/run.json'), 'utf8')) as {
        tasks: { taskId: string; cacheStatus: string }[];
      };
      const namesOf = (cached: boolean) =>
        tasks
          .filter(({ cacheStatus }) => (cacheStatus === 'local-cache-hit') === cached)
          .map(({ taskId }) => taskId)
          .sort();
      return { ...result, executed: namesOf(false), restored: namesOf(true), seconds };
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** Links what was installed; the workspace's own packages are links already, and lead into the copy. */
async function linkPackages(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const entry of await readdir(from)) {
    const source = join(from, entry);
    if (entry === '.vite' || entry === '.package-lock.json') continue;
    if (entry === '@primatrix') await linkPackages(source, join(to, entry));
    else await symlink((await lstat(source)).isSymbolicLink() ? await readlink(source) : source, join(to, entry));
  }
}

function runNode(
  cwd: string,
  args: readonly string[],
  extra: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  // Under Nx this test has Nx's own variables, which would send the copy to the workspace they speak of.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(NX_|PRIMATRIX_|VITEST|NODE_ENV$|NODE_OPTIONS$|CI$|TEST$)/.test(name),
  );
  const env = {
    ...Object.fromEntries(inherited),
    NX_DAEMON: 'false',
    NX_CACHE_DIRECTORY: join(cwd, '.nx/cache'),
    NX_WORKSPACE_DATA_DIRECTORY: join(cwd, '.nx/workspace-data'),
    NO_COLOR: '1',
    ...extra,
  };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const killOnExit = () => child.kill('SIGKILL');
    process.once('exit', killOnExit);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (piece: Buffer) => (output += piece.toString()));
    }
    child.once('error', reject);
    child.once('close', (status) => {
      process.off('exit', killOnExit);
      resolve({ status, output });
    });
  });
}
