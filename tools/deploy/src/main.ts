// What is published, deployed and built for other platforms: `node tools/deploy/dist/main.js --help`.
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { PrimatrixError, UsageError } from '@primatrix/contracts';
import { discoverFamilies } from '@primatrix/families';
import { trainerRelease } from '@primatrix/trainers';
import { buildImage, containerEngine } from './build-image.ts';
import { deployable } from './deployables.ts';
import { makeImageContext } from './image-context.ts';
import { installTable } from './install/install-table.ts';
import { makeNativePackages } from './native/make-native-packages.ts';
import { nativeLibraries } from './native/native-packages.ts';
import { targets } from './native/targets.ts';
import { stagePackage } from './stage-package.ts';
import { startRegistry } from './start-registry.ts';
import { workspacePackages } from './workspace-package.ts';
import { writeAccounts } from './write-accounts.ts';

const workspaceRoot = fileURLToPath(new URL('../../..', import.meta.url));

async function image(services: readonly string[]): Promise<void> {
  const packages = workspacePackages(workspaceRoot);
  const engine = containerEngine();
  for (const service of services) {
    const item = deployable(packages, service);
    const folder = join(workspaceRoot, 'artifacts/images', service);
    await makeImageContext(workspaceRoot, packages, item, folder);
    if (engine === undefined) {
      say(`${service}: artifacts/images/${service} is ready; no container engine answers here, so no image is built`);
    } else say(`${service}: ${buildImage(engine, item, folder)}`);
  }
}

/** The packages as they are published, in artifacts/packages/<project>, from where `nx release publish` takes them. */
async function stage(): Promise<void> {
  const packages = workspacePackages(workspaceRoot);
  for (const item of packages.values()) {
    await stagePackage(workspaceRoot, item, packages, join(workspaceRoot, 'artifacts/packages', item.project));
  }
  say(`${packages.size} packages are ready in artifacts/packages`);
}

/** The packages of prebuilt libraries, in artifacts/native; what is compiled is kept in the cache. */
async function native(libraries: readonly string[], platforms: readonly string[]): Promise<void> {
  const chosen = <T extends { readonly name: string }>(what: string, all: readonly T[], names: readonly string[]) => {
    const unknown = names.find((name) => !all.some((each) => each.name === name));
    if (unknown === undefined) return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
    throw new UsageError('DEPLOY_COMMAND', `deploy: there is no ${what} '${unknown}'`, {
      hint: `one of ${all.map(({ name }) => name).join(', ')}`,
    });
  };
  const made = await makeNativePackages({
    libraries: chosen('library', nativeLibraries, libraries).map(({ name }) => name),
    targets: chosen('target', targets, platforms),
    out: join(workspaceRoot, 'artifacts/native'),
    cache: join(workspaceRoot, 'artifacts/native-cache'),
    say: (line) => process.stderr.write(`${line}\n`),
  });
  say(made.join('\n'));
}

/** Installs the packages from a registry of this machine with several versions of Node, and prints what was seen. */
async function installs(nodes: readonly string[]): Promise<void> {
  const natives = join(workspaceRoot, 'artifacts/native');
  const log = (line: string) => process.stderr.write(`${line}\n`);
  say(await installTable({ workspaceRoot, nodes, upstream: npmRegistry(), natives, say: log }));
}

/** An internal registry on this machine, until it is stopped. */
async function registry(): Promise<void> {
  const storage = join(workspaceRoot, 'artifacts/registry');
  await using running = await startRegistry({ storage, port: 4873, upstream: npmRegistry() });
  await writeFile(join(storage, 'npmrc'), running.npmrc, { mode: 0o600 });
  say(
    `${running.url} takes packages and passes everything else on; publish and install with NPM_CONFIG_USERCONFIG=artifacts/registry/npmrc`,
  );
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
}

function npmRegistry(): string {
  return execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

const usage = `Usage: node tools/deploy/dist/main.js <command>
  image <service>…       what an image of a service is built from, and the image where a container engine answers
  stage                  the packages as they are published, in artifacts/packages
  native [--library <name>]… [--target <platform-arch>]…
                         the packages of prebuilt libraries, in artifacts/native; default: all
  installs [--node <version>]…
                         installs from a registry of this machine, and prints seconds, MB and packages
  registry               a registry on this machine, until it is stopped
  accounts --bundle <dir>… [--trainers] [--store-bucket <name>] [--out <dir>]
                         what each service of bundles may do on NATS, one account each

Examples:
  $ node tools/deploy/dist/main.js native --library lightgbm --target win32-x64
  $ node tools/deploy/dist/main.js image vgg16
`;

/** @throws UsageError where an option is not known, or lacks its value */
function parsed() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        library: { type: 'string', multiple: true, default: [] },
        target: { type: 'string', multiple: true, default: [] },
        node: { type: 'string', multiple: true, default: [] },
        bundle: { type: 'string', multiple: true, default: [] },
        trainers: { type: 'boolean', default: false },
        'store-bucket': { type: 'string' },
        out: { type: 'string', default: 'artifacts/nats' },
      },
    });
  } catch (error) {
    throw new UsageError('DEPLOY_COMMAND', `deploy: ${(error as Error).message}`, { hint: usage });
  }
}

/** The release of trainers of this workspace: its families, in their versions. */
async function ownTrainers(): Promise<string> {
  return trainerRelease(await discoverFamilies(pathToFileURL(join(workspaceRoot, 'apps/primatrix/'))));
}

try {
  const { positionals, values } = parsed();
  const [command, ...names] = positionals;
  if (values.help) process.stdout.write(usage);
  else if (command === 'image' && names.length > 0) await image(names);
  else if (command === 'stage') await stage();
  else if (command === 'native') await native(values.library, values.target);
  else if (command === 'installs') await installs(values.node);
  else if (command === 'registry') await registry();
  else if (command === 'accounts' && values.bundle.length > 0) {
    const { bundle: bundles, out: folder, 'store-bucket': objectBucket } = values;
    say(
      await writeAccounts({
        bundles,
        objectBucket,
        folder,
        trainers: values.trainers ? await ownTrainers() : undefined,
      }),
    );
  } else {
    throw new UsageError(
      'DEPLOY_COMMAND',
      `deploy: a command and what it is about are wanted, got '${positionals.join(' ')}'`,
      { hint: usage },
    );
  }
} catch (error) {
  if (!(error instanceof PrimatrixError)) throw error;
  process.stderr.write(`${error.message}${error.hint === undefined ? '' : `\n${error.hint}`}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
