import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { latePolicySchema, profiles } from '@primatrix/contracts';
import type { MetadataSettings } from '@primatrix/families';
import { fileInFolder, sha256Bytes, takeBackFolder } from '@primatrix/files';
import { z } from 'zod';
import { BundleError, checkBundleFiles } from './bundle-files.ts';
import {
  axesSchema,
  bundledFileSchema,
  bundleFaults,
  classesSchema,
  columnsSchema,
  cropsSchema,
  modelsSchema,
  partsOf,
} from './bundle-rules.ts';
import { ensembleThresholdsSchema, fittedCalibrationSchema } from './ensemble-parts.ts';

/** Format of the newest bundles that are understood here. */
const newestSchema = 4;

/** Bytes of a manifest: the largest there are have some hundred thousand columns. */
const mostBytes = 2 ** 28;

const identitySchema = { family: z.string(), version: z.string() };

const metadataSettingsSchema: z.ZodType<MetadataSettings> = z.object({
  columns: z.array(z.string()).exactOptional(),
  modified: z.array(z.string()).exactOptional(),
  soundBytes: z.boolean().exactOptional(),
  silence: z.literal(0).exactOptional(),
});

const partsSchema = z.object({
  schema: z.literal(newestSchema),
  profile: z.enum(profiles),
  dataset: z.object({ name: z.string(), digest: z.string() }),
  classes: classesSchema,
  metadata: z.object({
    ...identitySchema,
    reference: z.json(),
    /** Absent: the usual columns. */
    settings: metadataSettingsSchema.optional(),
  }),
  neighbours: z.object({
    ...identitySchema,
    nets: z.array(z.string()),
    ks: z.array(z.int().positive()),
    order: z.enum(['site', 'modified']),
    /** Absent: the ks count predicted clips. */
    window: z.literal('places').optional(),
    /** What training went by instead of what `order` says. */
    times: z.enum(['modified', 'captured']).optional(),
  }),
  features: partsOf(
    z.object({
      ...identitySchema,
      settings: z.json(),
      weightsDigest: z.string().nullable(),
      weights: z.string(),
      weightsFiles: partsOf(bundledFileSchema),
      /** Of a family that is a model in files: all of its folder, which lies in the bundle, and what can stand in for it. */
      model: z.object({ files: partsOf(bundledFileSchema), answers: z.string() }).optional(),
      /** Set where its rows are results of another program, which whoever predicts brings. */
      ofResults: z.literal(true).optional(),
      /** Set where they are made of other features of the bundle: a site's background taken off one's vectors. */
      background: z
        .object({
          of: z.string(),
          /** Which features tell what moved, and what a detector saw. */
          motion: z.string().optional(),
          boxes: z.array(z.string()),
          /** [width], for clips of sites that have too few. */
          usual: z.array(z.number()).min(1),
        })
        .optional(),
      /** What must be said wherever results are shown. */
      caution: z.string().optional(),
    }),
  ),
  nets: partsOf(
    z.object({
      ...identitySchema,
      /** The family whose features it reads. */
      reads: z.string(),
      input: axesSchema,
      crop: axesSchema,
      crops: cropsSchema,
      padding: z.enum(['repeat', 'zero']),
      models: modelsSchema,
    }),
  ),
  stacks: partsOf(
    z.object({
      ...identitySchema,
      member: z.string(),
      columns: columnsSchema,
      models: modelsSchema,
    }),
  ),
  ensemble: z.object({
    ...identitySchema,
    weights: z.record(z.string(), z.number()),
    // Bundles of before had neither: what they were made with is said of the version, not of the format.
    calibration: fittedCalibrationSchema.default({ method: 'none' }),
    thresholds: ensembleThresholdsSchema.default({
      answers: [],
      note: 'the bundle was made before there were thresholds',
    }),
  }),
  /** What services do about families that are late or fail; absent: they are waited for. */
  late: latePolicySchema.optional(),
  /** Of a bundle whose second level was fitted again: what it comes from, and what is told of it. */
  refit: z
    .object({
      /** Digest of the training's own bundle, whose first level this one has. */ base: z.string(),
      corrections: z.int().positive(),
      card: bundledFileSchema,
      outOfFold: bundledFileSchema,
    })
    .optional(),
});

const bundleSchema = partsSchema.superRefine((parts, context) => {
  for (const fault of bundleFaults(parts)) context.addIssue({ code: 'custom', ...fault });
});

/**
 * Bundles of before: features were called otherwise than the family that makes them, and both stood there. Of the two the name of
 * the features has become the family's. Format 3 is one that has a policy.
 */
const formerBundleSchema = z
  .looseObject({
    schema: z.union([z.literal(2), z.literal(3)]),
    late: z.unknown().optional(),
    features: z.array(z.looseObject({ feature: z.string() })),
    nets: z.array(z.looseObject({ feature: z.string() })),
  })
  .refine(({ schema, late }) => (schema === 3) === (late !== undefined), {
    path: ['late'],
    message: 'must be there in schema 3, and only there',
  })
  .transform(({ features, nets, ...rest }) => ({
    ...rest,
    schema: newestSchema,
    features: features.map(({ feature, ...part }) => ({ ...part, family: feature })),
    nets: nets.map(({ feature, ...part }) => ({ ...part, reads: feature })),
  }))
  .pipe(bundleSchema);

/** Everything that prediction needs, by digest: what `bundle.json` in a bundle folder says, in the words of the newest format. */
export type BundleManifest = z.infer<typeof bundleSchema>;

/** Files of a bundle that one of its feature families reads. */
export function featureFiles({
  weightsFiles,
  model,
}: BundleManifest['features'][number]): { readonly path: string; readonly sha256: string }[] {
  return [...weightsFiles, ...(model?.files ?? [])];
}

/** Files that a bundle holds besides its manifest. */
export function bundledFiles({
  features,
  nets,
  stacks,
  refit,
}: BundleManifest): { readonly path: string; readonly sha256: string }[] {
  return [
    ...features.flatMap(featureFiles),
    ...[...nets, ...stacks].flatMap((part) => part.models),
    ...(refit === undefined ? [] : [refit.card, refit.outOfFold]),
  ];
}

/** Identifies the first level of a bundle: a re-fit has that of the bundle it comes from, and what its nets said stays right. */
export function firstLevelDigest({
  manifest,
  digest,
}: {
  readonly manifest: Pick<BundleManifest, 'refit'>;
  readonly digest: string;
}): string {
  return manifest.refit?.base ?? digest;
}

/** The file that makes a folder a bundle. */
export const bundleFile = 'bundle.json';

/**
 * Reads a bundle and checks that its parts fit together and its files lie in it and are whole.
 * @returns the manifest and its digest, which identifies the bundle
 * @throws BundleError naming the folder or the file
 */
export async function readBundle(folder: string): Promise<{ manifest: BundleManifest; digest: string }> {
  const path = join(folder, bundleFile);
  let found = await fileInFolder(folder, bundleFile);
  // Another is about to take its place, or whoever wanted that was killed.
  if ('fault' in found && (await takeBackFolder(folder))) found = await fileInFolder(folder, bundleFile);
  if ('fault' in found) {
    throw new BundleError(
      'BUNDLE_NOT_FOUND',
      `bundle: ${folder} holds no ${bundleFile}${found.fault === 'is gone' ? '' : `: it ${found.fault}`}`,
      {
        hint: 'give the bundle folder that primatrix train or primatrix bundle made, for example --bundle artifacts/sample/bundle',
      },
    );
  }
  if (found.bytes > mostBytes) throw notReadable(path, `it has ${found.bytes} bytes, more than any manifest`);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new BundleError('BUNDLE_NOT_FOUND', `bundle: ${folder} holds no ${bundleFile} that can be read`, {
      cause,
      hint: 'check the permissions of the folder and its files',
    });
  });
  const manifest = parseManifest(path, text);
  await checkBundleFiles(folder, bundledFiles(manifest), manifest);
  return { manifest, digest: sha256Bytes(text) };
}

function parseManifest(path: string, text: string): BundleManifest {
  try {
    const json = JSON.parse(text) as { schema?: unknown } | null;
    if (typeof json?.schema === 'number' && json.schema > newestSchema) {
      throw new BundleError(
        'BUNDLE_VERSION',
        `bundle: ${path} has the format ${json.schema}, and this primatrix reads up to ${newestSchema}`,
        { hint: 'install the primatrix that made it, or a newer one' },
      );
    }
    return (json?.schema === 2 || json?.schema === 3 ? formerBundleSchema : bundleSchema).parse(json);
  } catch (cause) {
    if (cause instanceof BundleError) throw cause;
    const reason =
      cause instanceof z.ZodError ? z.prettifyError(cause).replace(/\s*\n\s*/g, ' ') : (cause as Error).message;
    throw notReadable(path, reason.slice(0, 300), cause);
  }
}

function notReadable(path: string, reason: string, cause?: unknown): BundleError {
  return new BundleError('BUNDLE_DAMAGED', `bundle: ${path} is not readable: ${reason}`, {
    cause,
    hint: 'make the bundle again',
  });
}
