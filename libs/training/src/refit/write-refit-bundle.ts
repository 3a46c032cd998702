import { copyFile, link, realpath, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  canonicalJson,
  fileInFolder,
  isPlainPath,
  makeFolder,
  sha256File,
  temporaryName,
  writeFileAtomic,
} from '@primatrix/files';
import {
  BundleError,
  bundleFile,
  featureFiles,
  RefitError,
  removeRefitLeftovers,
  type BundleManifest,
} from '@primatrix/prediction';

/** The parts of a bundle that a re-fit makes anew. */
export interface RefitParts {
  /** Text of each member's models, one a fold. */
  readonly models: ReadonlyMap<string, readonly string[]>;
  readonly ensemble: Pick<BundleManifest['ensemble'], 'weights' | 'calibration' | 'thresholds'>;
  readonly refit: { readonly base: string; readonly corrections: number };
  /** Writes card and out-of-fold table below the folder, and names them. */
  readonly writeRefit: (folder: string) => Promise<{ readonly card: string; readonly outOfFold: string }>;
}

/**
 * Writes a bundle that has the first level of another: its nets and weights are linked where the file system can, else
 * copied. It is made beside its place and moved there when it is complete; the other bundle is only read.
 * @throws RefitError `REFIT_OUT` where the place is taken
 */
export async function writeRefitBundle(
  from: { readonly folder: string; readonly manifest: BundleManifest },
  out: string,
  parts: RefitParts,
): Promise<void> {
  refuseTaken(out);
  await makeFolder(dirname(out));
  await removeRefitLeftovers(out);
  const temporary = temporaryName(out);
  await rm(temporary, { recursive: true, force: true });
  try {
    const { features, nets, stacks, ensemble, ...rest } = from.manifest;
    for (const { path } of [...features.flatMap(featureFiles), ...nets.flatMap(({ models }) => models)]) {
      await linkOrCopy(await inFolder(from.folder, path), placeBelow(temporary, path));
    }
    const digested = async (path: string) => ({ path, sha256: await sha256File(join(temporary, path)) });
    const newStacks: BundleManifest['stacks'] = [];
    for (const part of stacks) {
      const texts = parts.models.get(part.member) ?? [];
      const models: BundleManifest['stacks'][number]['models'] = [];
      for (const [i, { path }] of part.models.entries()) {
        await writeFileAtomic(placeBelow(temporary, path), texts[i] ?? '');
        models.push(await digested(path));
      }
      newStacks.push({ ...part, models });
    }
    const { card, outOfFold } = await parts.writeRefit(temporary);
    const manifest: BundleManifest = {
      ...rest,
      features,
      nets,
      stacks: newStacks,
      ensemble: { ...ensemble, ...parts.ensemble },
      refit: { ...parts.refit, card: await digested(card), outOfFold: await digested(outOfFold) },
    };
    await writeFileAtomic(join(temporary, bundleFile), `${canonicalJson(manifest)}\n`);
    refuseTaken(out);
    await rename(temporary, out);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** A manifest is somebody else's text: what it names must lie in its bundle when it is read. @throws BundleError */
async function inFolder(folder: string, path: string): Promise<string> {
  const found = await fileInFolder(folder, path);
  if ('fault' in found) throw new BundleError('BUNDLE_DAMAGED', `bundle: ${folder}/${path} ${found.fault}`);
  return realpath(found.file);
}

/** And when it is written. @throws BundleError */
function placeBelow(folder: string, path: string): string {
  if (isPlainPath(path)) return join(folder, path);
  throw new BundleError('BUNDLE_DAMAGED', `bundle: ${path} does not lie in its folder`);
}

/** Bundles are never changed in place, so two may share a file. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await makeFolder(dirname(to));
  await link(from, to).catch(() => copyFile(from, to));
}

/** @throws RefitError `REFIT_OUT` where something is there */
export function refuseTaken(out: string): void {
  if (existsSync(out)) {
    throw new RefitError('REFIT_OUT', `refit: ${out} is there already`, {
      hint: 'name another folder with --out; a bundle is never changed',
    });
  }
}
