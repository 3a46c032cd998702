import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What a package.json says, as far as it matters for what leaves the workspace. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly license?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly exports?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly nx?: { readonly name?: string };
  /** A native library that releases bring prebuilt, and the package that the workspace and images have it, or its sources, from. */
  readonly native?: { readonly library: string; readonly from: string };
  /** Marks a family; `builds`: Debian packages that its preparation needs. */
  readonly primatrix?: { readonly kind: string; readonly builds?: readonly string[] };
}

/** A package of the workspace that is released. */
export interface WorkspacePackage {
  readonly manifest: PackageManifest;
  /** Its folder, seen from the workspace root. */
  readonly root: string;
  /** Its name in Nx. */
  readonly project: string;
}

/** What is published of a package that does not say so itself. */
const usualFiles = ['dist', '!dist/**/*.tsbuildinfo', 'README.md'];

/**
 * The packages below `apps/` and `libs/` that are not private, by name. What a package.json leaves out because it is
 * the same everywhere is filled in: licence and engines as the workspace's own package.json has them, and the files.
 */
export function workspacePackages(workspaceRoot: string): Map<string, WorkspacePackage> {
  const found = new Map<string, WorkspacePackage>();
  const { license, engines } = readManifest(workspaceRoot, '.');
  for (const root of packageFolders(workspaceRoot, ['apps', 'libs'])) {
    const { name, version, description, ...others } = readManifest(workspaceRoot, root);
    if (others.private === true) continue;
    const usual = { license, engines, files: usualFiles };
    const manifest = { name, version, description, ...usual, ...others } as PackageManifest;
    found.set(name, { manifest, root, project: manifest.nx?.name ?? name });
  }
  return found;
}

function readManifest(workspaceRoot: string, folder: string): PackageManifest {
  return JSON.parse(readFileSync(join(workspaceRoot, folder, 'package.json'), 'utf8')) as PackageManifest;
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
