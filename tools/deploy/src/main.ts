// node tools/deploy/dist/main.js image <service>… | stage | accounts --bundle <dir>… [--store-bucket <name>] --out <dir>
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PrimatrixError, UsageError } from '@primatrix/contracts';
import { buildImage, containerEngine } from './build-image.ts';
import { deployable } from './deployables.ts';
import { makeImageContext } from './image-context.ts';
import { stagePackage } from './stage-package.ts';
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
    if (engine === undefined) say(`${service}: artifacts/images/${service} is ready; no container engine answers here, so no image is built`);
    else say(`${service}: ${buildImage(engine, item, folder)}`);
  }
}

/** The packages as they are published, in artifacts/packages/<project>, from where `nx release publish` takes them. */
async function stage(): Promise<void> {
  const packages = workspacePackages(workspaceRoot);
  for (const item of packages.values()) await stagePackage(workspaceRoot, item, packages, join(workspaceRoot, 'artifacts/packages', item.project));
  say(`${packages.size} packages are ready in artifacts/packages`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { bundle: { type: 'string', multiple: true, default: [] }, 'store-bucket': { type: 'string' }, out: { type: 'string', default: 'artifacts/nats' } },
});
const [command, ...names] = positionals;
try {
  if (command === 'image' && names.length > 0) await image(names);
  else if (command === 'stage') await stage();
  else if (command === 'accounts' && values.bundle.length > 0) say(await writeAccounts({ bundles: values.bundle, objectBucket: values['store-bucket'], folder: values.out }));
  else throw new UsageError('DEPLOY_COMMAND', 'deploy: image <service>…, stage, or accounts --bundle <dir>… [--store-bucket <name>] [--out <dir>]');
} catch (error) {
  if (!(error instanceof PrimatrixError)) throw error;
  process.stderr.write(`${error.message}${error.hint === undefined ? '' : `\n${error.hint}`}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
