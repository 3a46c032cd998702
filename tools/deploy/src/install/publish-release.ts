import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { stagePackage } from '../stage-package.ts';
import type { Registry } from '../start-registry.ts';
import { packagesBehind, workspacePackages } from '../workspace-package.ts';
import { publishFolder } from './publish-folder.ts';

/**
 * Publishes the command line and all that it needs of this workspace, with the prebuilt libraries of one platform; the
 * registry has the rest from its upstream.
 * @param natives folder of the packages that `deploy native` made
 * @param target name of the platform, as `linux-x64`
 * @param scratch folder for archives and staged packages
 */
export async function publishRelease(
  registry: Registry,
  workspaceRoot: string,
  { natives, target, scratch }: { readonly natives: string; readonly target: string; readonly scratch: string },
): Promise<void> {
  const packages = workspacePackages(workspaceRoot);
  for (const item of packagesBehind(packages, 'primatrix')) {
    const place = join(scratch, 'staged', item.project);
    await stagePackage(workspaceRoot, item, packages, place);
    await publishFolder(registry, place, scratch);
  }
  for (const name of await readdir(natives)) {
    if (name === 'onnxruntime' || name.endsWith(`-${target}`)) {
      await publishFolder(registry, join(natives, name), scratch);
    }
  }
}
