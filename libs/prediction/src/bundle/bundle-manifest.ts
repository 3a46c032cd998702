import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { latePolicySchema, profiles, UsageError } from '@primatrix/contracts';
import { sha256Bytes, sha256File } from '@primatrix/files';
import { z } from 'zod';
import { ensembleThresholdsSchema, fittedCalibrationSchema } from './ensemble-parts.ts';

/** Format of the newest bundles that are understood here. */
const newestSchema = 4;

const fileSchema = z.object({ path: z.string(), sha256: z.string() });
const identitySchema = { family: z.string(), version: z.string() };

const bundleSchema = z.object({
  schema: z.literal(newestSchema),
  profile: z.enum(profiles),
  dataset: z.object({ name: z.string(), digest: z.string() }),
  classes: z.array(z.string()).min(1),
  metadata: z.object({ ...identitySchema, reference: z.json() }),
  neighbours: z.object({
    ...identitySchema,
    nets: z.array(z.string()),
    ks: z.array(z.int().positive()),
    order: z.enum(['site', 'modified']),
  }),
  features: z.array(
    z.object({
      ...identitySchema,
      settings: z.json(),
      weightsDigest: z.string().nullable(),
      weights: z.string(),
      weightsFiles: z.array(fileSchema),
    }),
  ),
  nets: z.array(
    z.object({
      ...identitySchema,
      /** The family whose features it reads. */
      reads: z.string(),
      input: z.array(z.int().positive()),
      crop: z.array(z.int().positive()),
      crops: z.union([z.int().positive(), z.array(z.int().positive())]),
      padding: z.enum(['repeat', 'zero']),
      models: z.array(fileSchema).min(1),
    }),
  ),
  stacks: z.array(
    z.object({
      ...identitySchema,
      member: z.string(),
      columns: z.array(z.string()),
      models: z.array(fileSchema).min(1),
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
      card: fileSchema,
      outOfFold: fileSchema,
    })
    .optional(),
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

/** Files that a bundle holds besides its manifest. */
export function bundledFiles({
  features,
  nets,
  stacks,
  refit,
}: BundleManifest): { readonly path: string; readonly sha256: string }[] {
  return [
    ...features.flatMap((part) => part.weightsFiles),
    ...[...nets, ...stacks].flatMap((part) => part.models),
    ...(refit === undefined ? [] : [refit.card, refit.outOfFold]),
  ];
}

/** Identifies the first level of a bundle: a re-fit has that of the bundle it comes from, and what its nets said stays right. */
export function firstLevelDigest({
  manifest,
  digest,
}: {
  readonly manifest: BundleManifest;
  readonly digest: string;
}): string {
  return manifest.refit?.base ?? digest;
}

/** Folder of a bundle with the weights that its feature families need. */
export const bundledWeights = 'weights';

/** The file that makes a folder a bundle. */
export const bundleFile = 'bundle.json';

/** A bundle folder is not one, is damaged, or does not fit what is installed. */
export class BundleError extends UsageError {}

/**
 * Reads a bundle and checks that its files are whole.
 * @returns the manifest and its digest, which identifies the bundle
 * @throws BundleError naming the folder or the file
 */
export async function readBundle(folder: string): Promise<{ manifest: BundleManifest; digest: string }> {
  const path = join(folder, bundleFile);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new BundleError('BUNDLE_NOT_FOUND', `bundle: ${folder} holds no ${bundleFile}`, {
      cause,
      hint: 'give the bundle folder that primatrix train or primatrix bundle made, for example --bundle artifacts/sample/bundle',
    });
  });
  const manifest = parseManifest(path, text);
  for (const file of bundledFiles(manifest)) {
    const sha256 = await sha256File(join(folder, file.path)).catch(() => undefined);
    if (sha256 !== file.sha256) {
      throw new BundleError(
        'BUNDLE_DAMAGED',
        `bundle: ${join(folder, file.path)} is ${sha256 === undefined ? 'gone' : 'not the file that the bundle was made with'}`,
        {
          hint: 'make the bundle again, or copy it whole',
        },
      );
    }
  }
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
    throw new BundleError('BUNDLE_DAMAGED', `bundle: ${path} is not readable: ${reason.slice(0, 200)}`, {
      cause,
      hint: 'make the bundle again',
    });
  }
}
