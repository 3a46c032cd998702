import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What a package.json says, as far as it matters for what leaves the workspace. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly files?: readonly string[];
  readonly exports?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly nx?: { readonly name?: string };
  /** Marks a family; `builds`: Debian packages that its preparation needs. */
  readonly primatrix?: { readonly kind: string; readonly name?: string; readonly builds?: readonly string[] };
}

/** A package of the workspace that is released. */
export interface WorkspacePackage {
  readonly manifest: PackageManifest;
  /** Its folder, seen from the workspace root. */
  readonly root: string;
  /** Its name in Nx. */
  readonly project: string;
}

/** The packages below `apps/` and `libs/` that are not private, by name. */
export function workspacePackages(workspaceRoot: string): Map<string, WorkspacePackage> {
  const found = new Map<string, WorkspacePackage>();
  for (const root of packageFolders(workspaceRoot, ['apps', 'libs'])) {
    const manifest = JSON.parse(readFileSync(join(workspaceRoot, root, 'package.json'), 'utf8')) as PackageManifest;
    if (manifest.private !== true) {
      found.set(manifest.name, { manifest, root, project: manifest.nx?.name ?? manifest.name });
    }
  }
  return found;
}

/**
 * Folders that hold a package.json, below folders that hold packages or shelves of packages. What lies inside a package
 * is its own, and a folder that an older checkout left has none.
 * @param below folders, seen from the workspace root
 * @returns paths as seen from the workspace root, sorted
 */
export function packageFolders(workspaceRoot: string, below: readonly string[]): string[] {
  return below.flatMap((folder) => {
    const entries = readdirSync(join(workspaceRoot, folder), { withFileTypes: true });
    if (entries.some(({ name }) => name === 'package.json')) return [folder];
    const inside = entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${folder}/${name}`);
    return packageFolders(workspaceRoot, inside.sort());
  });
}

/**
 * A package and all of the workspace that it needs to run, sorted by name.
 * @param without dependencies that are left out, with all that only they need
 */
export function packagesBehind(
  packages: ReadonlyMap<string, WorkspacePackage>,
  name: string,
  without: ReadonlySet<string> = new Set(),
): WorkspacePackage[] {
  const found = new Map<string, WorkspacePackage>();
  const visit = (each: string) => {
    const item = packages.get(each);
    if (item === undefined || found.has(each) || without.has(each)) return;
    found.set(each, item);
    Object.keys(item.manifest.dependencies ?? {}).forEach(visit);
  };
  visit(name);
  return [...found.keys()].sort().map((each) => found.get(each) as WorkspacePackage);
}
