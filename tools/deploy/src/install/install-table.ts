import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import { targets } from '../native/targets.ts';
import { startRegistry } from '../start-registry.ts';
import { fetchNode } from './fetch-node.ts';
import { publishRelease } from './publish-release.ts';
import { tryInstall, type InstallResult } from './try-install.ts';

/** What is installed, with which Node, and from where. */
export interface InstallTableOptions {
  readonly workspaceRoot: string;
  /** Versions as npm takes them, as `24`; the Node that runs this comes first in any case. */
  readonly nodes: readonly string[];
  /** Registry of all that is not of this workspace. */
  readonly upstream: string;
  /** Folder of the packages that `deploy native` made. */
  readonly natives: string;
  /** Told what is done, a line each. */
  readonly say: (line: string) => void;
}

/**
 * Installs the command line from a registry of this machine, with scripts and without, for each Node, and tries it.
 * @returns a table in Markdown, a line an installation
 * @throws UsageError where no prebuilt libraries are made for this platform
 * @throws PrimatrixError INSTALL_TRY, NODE_FETCH, REGISTRY_START
 */
export async function installTable(options: InstallTableOptions): Promise<string> {
  const { workspaceRoot, nodes, upstream, natives, say } = options;
  const target = targets.find(({ platform, arch }) => platform === process.platform && arch === process.arch);
  if (target === undefined) {
    throw new UsageError('DEPLOY_COMMAND', `deploy: there is no release for ${process.platform}-${process.arch}`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'primatrix-installs-'));
  try {
    await using registry = await startRegistry({ storage: join(folder, 'registry'), port: await freePort(), upstream });
    await publishRelease(registry, workspaceRoot, { natives, target: target.name, scratch: folder });
    say('published');
    const programs = [process.execPath];
    for (const version of nodes) programs.push(await fetchNode(version, target, join(folder, `node-${version}`)));
    const results: InstallResult[] = [];
    // The first fills the registry with what it has from upstream, and does not count.
    for (const [i, node] of [process.execPath, ...programs].entries()) {
      for (const scripts of i === 0 ? [true] : [true, false]) {
        const place = join(folder, `try-${i}-${scripts}`);
        await mkdir(place);
        const result = await tryInstall(place, { node, scripts, registryUrl: registry.url });
        await rm(place, { recursive: true });
        say(JSON.stringify(result));
        if (i > 0) results.push(result);
      }
    }
    return markdown(results);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function markdown(results: readonly InstallResult[]): string {
  const commands = Object.keys(results[0]?.tried ?? {});
  const cells = (row: readonly (string | number)[]) => `| ${row.join(' | ')} |`;
  const head = ['Node', 'scripts', 'install, s', 'MB', 'packages', ...commands.map((command) => `\`${command}\`, s`)];
  const lines = results.map(({ node, scripts, seconds, megabytes, packages, tried }) => {
    const times = commands.map((command) => (tried[command] ?? Number.NaN).toFixed(1));
    return cells([node.slice(1), scripts ? 'on' : 'off', seconds.toFixed(1), megabytes, packages, ...times]);
  });
  return [cells(head), `|${'---|'.repeat(head.length)}`, ...lines].join('\n');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
