import type { Family, FeatureContext } from '@primatrix/families';
import {
  bundledFamily,
  bundledFeatures,
  BundledNet,
  BundledStack,
  openBundledExtractor,
  type BundleManifest,
} from '@primatrix/prediction';
import type { TensorStore } from '@primatrix/tensor-store';
import { bundleParts, type BundlePart } from './bundle-parts.ts';
import type { ClipCache } from '../clips/clip-cache.ts';
import { featurePart } from './feature-part.ts';
import { ingestPart } from './ingest-part.ts';
import { netPart } from './net-part.ts';
import { ensemblePart, stackPart } from './second-level-parts.ts';
import { SharedExtraction } from './shared-extraction.ts';
import type { ServedPart } from './start-service.ts';

/** Which parts of a bundle are opened, and with what. */
export interface OpenPartsOptions {
  /** Folder of the bundle. */
  readonly bundle: string;
  readonly manifest: BundleManifest;
  /** Names of families; undefined for all of the bundle. */
  readonly only: ReadonlySet<string> | undefined;
  readonly families: readonly Family[];
  readonly context: FeatureContext;
  readonly store: TensorStore;
  /** Where clips of an object store lie. */
  readonly cache: ClipCache;
}

/**
 * Opens parts of a bundle for serving. Feature families that are opened together decode a clip once for all.
 * @throws BundleError where an installed family does not fit the bundle
 */
export async function openParts({
  bundle,
  manifest,
  only,
  families,
  context,
  store,
  cache,
}: OpenPartsOptions): Promise<ServedPart[]> {
  const parts = bundleParts(manifest).filter(({ family }) => only === undefined || only.has(family));
  const shared = new SharedExtraction(parts.filter(({ stage }) => stage === 'features').length);
  const classes = manifest.classes.length;
  const inManifest = <T extends { readonly family: string }>(list: readonly T[], { family }: BundlePart) =>
    list.find((item) => item.family === family) as T;
  const open = async (part: BundlePart): Promise<ServedPart> => {
    switch (part.stage) {
      case 'ingest':
        return ingestPart(part, bundledFamily(families, 'ingest', part), cache, manifest.metadata.settings);
      case 'features': {
        const made = inManifest(manifest.features, part);
        const { version } = await bundledFeatures(bundle, made, families);
        return featurePart(part, await openBundledExtractor(bundle, made, families, context), {
          version,
          store,
          shared,
          cache,
        });
      }
      case 'nets':
        return netPart(
          part,
          await BundledNet.open(bundle, inManifest(manifest.nets, part), { classes, device: context.device }),
          store,
        );
      case 'stack': {
        const { version } = bundledFamily(families, 'stack', part);
        const own = manifest.stacks.find(({ member }) => member === part.name) as BundleManifest['stacks'][number];
        return stackPart(part, await BundledStack.open(bundle, own, families, classes), { version, store, classes });
      }
      default:
        return ensemblePart(part, bundledFamily(families, 'ensemble', part), manifest, store);
    }
  };
  const opened: ServedPart[] = [];
  for (const part of parts) opened.push(await open(part));
  return opened;
}
