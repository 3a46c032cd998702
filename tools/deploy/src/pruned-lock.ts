import { posix } from 'node:path';
import { PrimatrixError } from '@primatrix/contracts';
import type { WorkspacePackage } from './workspace-package.ts';

/** package-lock.json, version 3, as far as it matters here. */
export interface PackageLock {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, LockEntry>>;
}

interface LockEntry {
  readonly link?: boolean;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Of these only files are used, a library and sources: their scripts and what these need stay out. */
const filesOnly = ['lightgbm', 'xgboost_node'];

/** What is installed of others: the place in the new folder, by the place in the workspace. */
export type ForeignPackages = ReadonlyMap<string, string>;

/**
 * The part of the workspace's lockfile that some packages need in production: they get the very versions that were
 * tested, wherever they are installed.
 *
 * @param staged the packages and where they lie in the new folder
 * @param root manifest of the new folder
 * @throws PrimatrixError LOCK_ENTRY where the lockfile lacks a dependency
 */
export function prunedLock(
  lock: PackageLock,
  staged: ReadonlyMap<WorkspacePackage, { readonly folder: string; readonly manifest: object }>,
  root: object,
): { lock: PackageLock; foreign: ForeignPackages } {
  const folders = new Map([...staged].map(([item, { folder }]) => [item.root, folder]));
  const names = new Map([...staged.keys()].map((item) => [item.manifest.name, item]));
  const foreign = new Map<string, string>();

  const visit = (place: string, entry: LockEntry) => {
    const { peerDependenciesMeta: peers = {} } = entry;
    const wanted = [
      ...Object.keys(entry.dependencies ?? {}).map((name) => ({ name, optional: false })),
      ...Object.keys(entry.optionalDependencies ?? {}).map((name) => ({ name, optional: true })),
      ...Object.keys(entry.peerDependencies ?? {})
        .filter((name) => peers[name]?.optional !== true)
        .map((name) => ({ name, optional: false })),
    ];
    for (const { name, optional } of wanted) {
      if (names.has(name)) continue;
      const found = resolve(lock, place, name);
      if (found === undefined && optional) continue;
      if (found === undefined) {
        throw new PrimatrixError('LOCK_ENTRY', `deploy: package-lock.json has no ${name} for ${place}`, {
          hint: 'npm install',
        });
      }
      if (foreign.has(found)) continue;
      const owner = [...folders.keys()].find((folder) => found.startsWith(`${folder}/`));
      foreign.set(found, owner === undefined ? found : `${folders.get(owner)}${found.slice(owner.length)}`);
      if (!filesOnly.includes(name)) visit(found, lock.packages[found] as LockEntry);
    }
  };
  for (const [item, { manifest }] of staged) visit(item.root, manifest as LockEntry);

  const own = [...staged].flatMap(([item, { folder, manifest }]): [string, LockEntry][] => [
    [`node_modules/${item.manifest.name}`, { resolved: folder, link: true }],
    [folder, manifest as LockEntry],
  ]);
  const others = [...foreign].map(([from, to]): [string, LockEntry] => {
    const entry = Object.fromEntries(
      Object.entries(lock.packages[from] ?? {}).filter(([key]) => key !== 'dev' && key !== 'devOptional'),
    );
    return [to, filesOnly.includes(posix.basename(from)) ? { ...entry, dependencies: {} } : entry];
  });
  const sorted = [...own, ...others].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    lock: {
      ...(root as { name: string }),
      lockfileVersion: lock.lockfileVersion,
      packages: { '': root as LockEntry, ...Object.fromEntries(sorted) },
    },
    foreign,
  };
}

/** Node's own way: the nearest node_modules upwards. */
function resolve(lock: PackageLock, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = posix.dirname(folder)) {
    const place = posix.join(folder === '.' ? '' : folder, 'node_modules', name);
    if (lock.packages[place] !== undefined && posix.basename(folder) !== 'node_modules') return place;
    if (folder === '.' || folder === '') return undefined;
  }
}
