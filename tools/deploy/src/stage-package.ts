import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PrimatrixError } from '@primatrix/contracts';
import { onnxruntimeVersion, platformDependencies } from './native/native-packages.ts';
import { slimOnnxruntime } from './native/onnxruntime.ts';
import type { PackageManifest, WorkspacePackage } from './workspace-package.ts';

/** A package cannot be made ready to leave the workspace. */
export class StageError extends PrimatrixError {}

/** Condition under which packages of the workspace see each other's sources, which are not published. */
const sourceCondition = '@primatrix/source';

/** Members of a package.json that say nothing to who installs the package. */
const workspaceOnly = ['nx', 'native', 'devDependencies', 'scripts'];

/** For whom a package is made ready. */
export interface StageOptions {
  /** Names of dependencies that are left out. */
  readonly without?: ReadonlySet<string>;
  /**
   * Where native libraries are from: the prebuilt packages of a release (`release`, the default), or what the workspace
   * has them from (`image`): an image is built on the platform that it runs on, with the workspace's lockfile.
   */
  readonly natives?: 'release' | 'image';
}

/**
 * Puts a package, as it is published, into a folder: what its `files` name, the licence, and a package.json without
 * what only the workspace understands. Siblings, which are `*` here, become `^` and their version now.
 *
 * @param folder emptied first
 * @throws StageError STAGE_FILES where the package is not built
 */
export async function stagePackage(
  workspaceRoot: string,
  item: WorkspacePackage,
  packages: ReadonlyMap<string, WorkspacePackage>,
  folder: string,
  options: StageOptions = {},
): Promise<void> {
  const { manifest, root } = item;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const entry of manifest.files ?? []) {
    if (entry.startsWith('!')) continue;
    // Maps lead to sources that are not there. Tests are built with the rest, and stay here.
    const filter = (path: string) => !/\.(map|tsbuildinfo)$|\.(test|fixture)\.(d\.ts|js)$/.test(path);
    await cp(join(workspaceRoot, root, entry), join(folder, entry), { recursive: true, filter }).catch(
      (cause: unknown) => {
        throw new StageError('STAGE_FILES', `deploy: ${manifest.name}: '${entry}' is not there`, {
          cause,
          hint: 'npm run build',
        });
      },
    );
  }
  await cp(join(workspaceRoot, 'LICENSE'), join(folder, 'LICENSE'));
  await writeFile(
    join(folder, 'package.json'),
    `${JSON.stringify(publishedManifest(manifest, packages, options), null, 2)}\n`,
  );
}

/** @throws StageError STAGE_SIBLING where a sibling is private, or none of the workspace */
export function publishedManifest(
  manifest: PackageManifest,
  packages: ReadonlyMap<string, WorkspacePackage>,
  { without = new Set(), natives = 'release' }: StageOptions = {},
): PackageManifest {
  const published = (ranges: Readonly<Record<string, string>> = {}): Record<string, string> =>
    Object.fromEntries(
      Object.entries(ranges).flatMap(([name, range]): [string, string][] => {
        if (without.has(name)) return [];
        if (range !== '*') return [[name, range]];
        const sibling = packages.get(name);
        if (sibling === undefined) {
          throw new StageError(
            'STAGE_SIBLING',
            `deploy: ${manifest.name}: '${name}' is * but no package that is published`,
          );
        }
        return [[name, `^${sibling.manifest.version}`]];
      }),
    );
  const kept = Object.fromEntries(
    Object.entries(manifest).filter(([key]) => !workspaceOnly.includes(key)),
  ) as unknown as PackageManifest;
  const dependencies = published(manifest.dependencies);
  const { native, devDependencies = {} } = manifest;
  const released = natives === 'release';
  if (released && dependencies['onnxruntime-node'] !== undefined) {
    dependencies['onnxruntime-node'] = `npm:${slimOnnxruntime}@${onnxruntimeVersion}`;
  }
  if (!released && native !== undefined) dependencies[native.from] = devDependencies[native.from] ?? '*';
  return {
    ...kept,
    exports: publishedExports(manifest.exports),
    dependencies,
    ...(released && native !== undefined ? { optionalDependencies: platformDependencies(native.library) } : {}),
    ...(manifest.peerDependencies === undefined ? {} : { peerDependencies: published(manifest.peerDependencies) }),
  };
}

/** The workspace's exports name a source and what is built of it; those who install find the types beside that. */
function publishedExports(exports: unknown): unknown {
  if (typeof exports !== 'object' || exports === null) return exports;
  return Object.fromEntries(
    Object.entries(exports).map(([door, target]: [string, string | Readonly<Record<string, string>>]) => {
      if (typeof target === 'string') return [door, target];
      const built = target['default'] ?? '';
      const kept = Object.entries(target).filter(([condition]) => condition !== sourceCondition);
      return [door, { types: built.replace(/\.js$/, '.d.ts'), import: built, ...Object.fromEntries(kept) }];
    }),
  );
}
