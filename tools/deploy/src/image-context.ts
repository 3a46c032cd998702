import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Deployable } from './deployables.ts';
import { prunedLock, type ForeignPackages, type PackageLock } from './pruned-lock.ts';
import { publishedManifest, stagePackage } from './stage-package.ts';
import type { WorkspacePackage } from './workspace-package.ts';

/** An image has Debian's ffmpeg, which gets security fixes, and not the old ones that npm carries. */
const notInImages = ['@ffmpeg-installer/ffmpeg', '@ffprobe-installer/ffprobe'];

/**
 * Makes the folder that a service's image is built from: Containerfile and health check, the packages as they are
 * published, and a lockfile with what they need of others in production, at the workspace's versions.
 *
 * @param folder emptied first
 * @returns what is installed of others
 * @throws StageError, PrimatrixError LOCK_ENTRY
 */
export async function makeImageContext(
  workspaceRoot: string,
  packages: ReadonlyMap<string, WorkspacePackage>,
  { service, version, packages: needed, without: families }: Deployable,
  folder: string,
): Promise<ForeignPackages> {
  const without = new Set([...families, ...notInImages]);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of ['Containerfile', 'healthcheck.mjs']) {
    await cp(join(workspaceRoot, 'infra/container', name), join(folder, name));
  }
  const staged = new Map<WorkspacePackage, { folder: string; manifest: object }>();
  for (const item of needed) {
    const place = `packages/${folderName(item)}`;
    const options = { without, natives: 'image' } as const;
    await stagePackage(workspaceRoot, item, packages, join(folder, place), options);
    staged.set(item, { folder: place, manifest: publishedManifest(item.manifest, packages, options) });
  }
  const root = { name: `primatrix-${service}`, version, private: true, license: 'MIT', workspaces: ['packages/*'] };
  const whole = JSON.parse(await readFile(join(workspaceRoot, 'package-lock.json'), 'utf8')) as PackageLock;
  const { lock, foreign } = prunedLock(whole, staged, root);
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(root, null, 2)}\n`);
  await writeFile(join(folder, 'package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`);
  return foreign;
}

/** An app and a library can have the same name: image-hash. */
function folderName({ manifest }: WorkspacePackage): string {
  return basename(manifest.name);
}
