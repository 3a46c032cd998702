import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { familyKinds, PrimatrixError, type FamilyKind } from '@primatrix/contracts';
import type { EnsembleFamily } from './ensemble-family.ts';
import type { FeatureFamily } from './feature-family.ts';
import type { MetadataFamily } from './metadata-family.ts';
import type { NeighbourFamily } from './neighbour-family.ts';
import type { NetFamily } from './net-family.ts';
import { netOfPackage } from './net-file.ts';
import type { StackFamily } from './stack-family.ts';

/** A family of any kind; `kind` tells them apart. */
export type Family = MetadataFamily | FeatureFamily | NetFamily | NeighbourFamily | StackFamily | EnsembleFamily;

/** A package says that it is a family but cannot be used as one. */
export class FamilyError extends PrimatrixError {}

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  /** Marks a family package; see the contributor guide for what else stands there. */
  readonly primatrix?: {
    readonly kind: FamilyKind;
    /** Of a net without code: the file that holds it. */
    readonly net?: string;
  };
}

/** What kinds were called before they were called as the stages. */
const formerKinds: Readonly<Record<string, FamilyKind>> = { metadata: 'ingest', net: 'nets' };

/**
 * Loads every family that a package depends on: those dependencies whose package.json has a `primatrix`
 * entry. Nobody imports a family by name, so adding one means installing it, and no shared file changes. Nets are mostly
 * data: of a package that names a file of its own in `primatrix.net`, no code is loaded.
 *
 * @param host URL of a file of the depending package, next to or below its package.json
 * @throws FamilyError where a family package is of no kind that there is, does not load or exports something else than its `family`; NetFileError
 */
export async function discoverFamilies(host: URL): Promise<Family[]> {
  const require = createRequire(host);
  const own = JSON.parse(readFileSync(new URL('package.json', host), 'utf8')) as PackageJson;
  const families: Family[] = [];
  for (const name of Object.keys(own.dependencies ?? {}).sort()) {
    const manifest = readManifest(require, name);
    if (manifest?.primatrix === undefined) continue;
    checkKind(manifest, manifest.primatrix.kind);
    const { net } = manifest.primatrix;
    families.push(
      net === undefined
        ? await loadFamily(require, manifest)
        : netOfPackage(manifest, join(dirname(require.resolve(`${name}/package.json`)), net)),
    );
  }
  return families;
}

function readManifest(require: NodeJS.Require, name: string): PackageJson | undefined {
  try {
    return require(`${name}/package.json`) as PackageJson;
  } catch {
    // Most packages do not export their package.json: those are no families.
    return undefined;
  }
}

function checkKind({ name, version }: PackageJson, kind: string): void {
  if ((familyKinds as readonly string[]).includes(kind)) return;
  const now = formerKinds[kind];
  throw new FamilyError(
    'FAMILY_KIND',
    `families: ${name} ${version} says in package.json that it is of kind '${kind}', and there is no such kind`,
    {
      hint:
        now === undefined
          ? `kinds: ${familyKinds.join(', ')}`
          : `install a newer version of it; whoever makes it writes "kind": "${now}" there, and kind: '${now}' in its code`,
    },
  );
}

async function loadFamily(require: NodeJS.Require, manifest: PackageJson): Promise<Family> {
  let loaded: { family?: Partial<Family> };
  try {
    loaded = (await import(pathToFileURL(require.resolve(manifest.name)).href)) as typeof loaded;
  } catch (cause) {
    throw new FamilyError(
      'FAMILY_LOAD',
      `families: ${manifest.name} ${manifest.version} does not load: ${(cause as Error).message}`,
      {
        cause,
        hint: 'build it (npm run build), or remove it from the dependencies',
      },
    );
  }
  const family = loaded.family;
  if (family?.kind === undefined || family.kind !== manifest.primatrix?.kind) {
    throw new FamilyError(
      'FAMILY_SHAPE',
      `families: ${manifest.name} must export a family of kind '${manifest.primatrix?.kind}', got ${family?.kind === undefined ? 'nothing' : `'${family.kind}'`}`,
    );
  }
  return family as Family;
}
