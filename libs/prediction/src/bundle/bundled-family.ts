import { join } from 'node:path';
import { UsageError, type ClipMetadata } from '@primatrix/contracts';
import type { Family, FeatureContext, FeatureExtractor, FeatureFamily, MetadataFamily } from '@primatrix/families';
import { keptModelFamily, ModelError } from '@primatrix/models';
import { z } from 'zod';
import { bundledModels, bundledWeights, BundleError } from './bundle-files.ts';
import type { BundleManifest } from './bundle-manifest.ts';

/**
 * The installed family that a part of a bundle names; its minor version must be the bundle's, as columns and tensors may
 * differ otherwise.
 * @throws BundleError naming family and versions
 */
export function bundledFamily<K extends Family['kind']>(
  families: readonly Family[],
  kind: K,
  part: { family: string; version: string },
): Extract<Family, { kind: K }> {
  const found = families.find(
    (family): family is Extract<Family, { kind: K }> => family.kind === kind && family.name === part.family,
  );
  const minor = (version: string) => version.split('.').slice(0, 2).join('.');
  if (found === undefined || minor(found.version) !== minor(part.version)) {
    throw new BundleError(
      'BUNDLE_FAMILY',
      `bundle: it was made with ${part.family} ${part.version}, but ${found === undefined ? 'that is not installed' : `${found.version} is installed`}`,
      {
        hint: `install ${part.family} ${minor(part.version)}, or make the bundle again`,
      },
    );
  }
  return found;
}

/** Nothing is known of it. */
const anyClip: ClipMetadata = {
  file: '',
  bytes: 1,
  sha256: '',
  container: '',
  videoCodec: null,
  width: 320,
  height: 180,
  fps: 1,
  frames: 1,
  durationSeconds: 1,
  capturedAt: null,
  audio: null,
};

/**
 * The family that makes columns of what is known of a clip's file, asked about a clip to see whether it can use what
 * the bundle keeps for it.
 * @throws BundleError
 */
export function bundledMetadata(families: readonly Family[], { metadata, profile }: BundleManifest): MetadataFamily {
  const family = bundledFamily(families, 'ingest', metadata);
  const { reference, settings } = metadata;
  try {
    family.columns(anyClip, { profile, reference, capturedAt: undefined, settings });
  } catch (error) {
    throw unusable(`what it keeps for ${family.name}`, error);
  }
  return family;
}

/** Of all that can go wrong on opening, that the settings are others than the family's. */
function isFaultOfInput(error: unknown): boolean {
  return error instanceof z.ZodError || error instanceof TypeError || error instanceof RangeError;
}

/** Families check what they are given in words of their own, or of the library that they check with. */
function unusable(what: string, cause: unknown): BundleError {
  if (cause instanceof BundleError) return cause;
  const reason =
    cause instanceof z.ZodError ? z.prettifyError(cause).replace(/\s*\n\s*/g, ' ') : (cause as Error).message;
  return new BundleError('BUNDLE_DAMAGED', `bundle: ${what} does not fit the bundle: ${reason.slice(0, 300)}`, {
    cause,
    hint: 'make the bundle again',
  });
}

/** Those of the installed families that a bundle predicts with; its nets need none. Who opens the bundle refuses what is missing. */
export function familiesOfBundle(
  families: readonly Family[],
  { metadata, neighbours, features, stacks, ensemble }: BundleManifest,
): Family[] {
  const names = new Set([metadata, neighbours, ...features, ...stacks, ensemble].map(({ family }) => family));
  return families.filter(({ name }) => names.has(name));
}

/**
 * The family that makes one of the features of a bundle: an installed one, or a model in files: one of `families`, else that which the
 * bundle holds.
 * @param folder of the bundle
 * @throws BundleError where the family is not installed or of another version, the model is damaged, it is results that nobody brought, or
 * it is made of other features instead of clips
 */
export async function bundledFeatures(
  folder: string,
  part: BundleManifest['features'][number],
  families: readonly Family[],
): Promise<FeatureFamily> {
  if (part.background !== undefined) {
    throw new BundleError(
      'BUNDLE_BACKGROUND',
      `bundle: ${part.family} is made of the clips of a site, which nobody has who sees one clip`,
      { hint: 'predict in one process: primatrix predict <clips> --bundle <dir>, without --remote' },
    );
  }
  const given = families.some(({ name }) => name === part.family);
  if (part.ofResults === true && !given) {
    throw new BundleError('BUNDLE_RESULTS', `bundle: it learnt from ${part.family} (${part.weights}), too`, {
      hint: 'run that program on the clips that are to be predicted, and give its file: predict --features <file>',
    });
  }
  if (part.model === undefined || given) return bundledFamily(families, 'features', part);
  const place = join(folder, bundledModels, part.family);
  try {
    return bundledFamily([await keptModelFamily(place)], 'features', part);
  } catch (cause) {
    if (!(cause instanceof ModelError)) throw cause;
    throw new BundleError('BUNDLE_DAMAGED', `bundle: the model in ${place} cannot be used: ${cause.message}`, {
      cause,
      hint: 'make the bundle again, or copy it whole',
    });
  }
}

/**
 * Opens one feature family of a bundle, with the bundle's settings and weights.
 * @param folder of the bundle
 * @throws BundleError where the family does not fit, or its weights are others
 */
export async function openBundledExtractor(
  folder: string,
  part: BundleManifest['features'][number],
  families: readonly Family[],
  context: FeatureContext,
): Promise<FeatureExtractor> {
  const family = await bundledFeatures(folder, part, families);
  const own = { ...context, weightsDir: join(folder, bundledWeights) };
  if ((await family.weightsDigest(own)) !== part.weightsDigest) {
    throw new BundleError(
      'BUNDLE_WEIGHTS',
      `bundle: the weights of ${part.family} in it are not those it was trained with`,
      { hint: 'make the bundle again, or copy it whole' },
    );
  }
  try {
    return await family.open(part.settings, own);
  } catch (error) {
    throw error instanceof UsageError || !isFaultOfInput(error)
      ? error
      : unusable(`the settings of ${part.family}`, error);
  }
}
