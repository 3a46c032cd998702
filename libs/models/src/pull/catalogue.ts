import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { jsonOf, nearestName } from '@primatrix/contracts';
import { z } from 'zod';
import { modelCardSchema, modelKinds, type ModelCard } from '../folder/model-card.ts';
import { ModelError } from '../model-error.ts';
import { tfjsFileSchema } from '../tfjs/tfjs-file.ts';

/** What is known of every model in the list. */
const listed = {
  /** Names of its classes, by index. */
  labels: z.array(z.string().min(1)).optional(),
  /** The day on which it was run here and gave what others got; null: never. */
  ran: z.iso.date().nullable(),
};
const addressedSchema = z
  .strictObject({
    ...listed,
    /** The model.json that it is kept with. */
    card: modelCardSchema,
    /** Where each file of the card can be had. */
    addresses: z.record(z.string(), z.url({ protocol: /^https?$/ })),
  })
  .refine(({ card, addresses }) => [card, ...(card.data ?? [])].every(({ file }) => file in addresses), {
    path: ['addresses'],
    error: 'must say where each file of the card can be had',
  })
  .refine(({ card, labels }) => 'labels' in card === (labels !== undefined), {
    path: ['labels'],
    error: 'must be there where the card has labels',
  });
/** A graph of TensorFlow.js in a package of npm's registry; the ONNX graph is made here. */
const packagedSchema = z.strictObject({
  ...listed,
  package: z.strictObject({
    name: z.string().regex(/^(@[a-z0-9-]+\/)?[a-z0-9][a-z0-9._-]*$/, 'must be the name of a package'),
    version: z.string().regex(/^\d+\.\d+\.\d+$/, 'must be one version'),
    /** Bytes of the packed package. */
    bytes: z.int().positive(),
  }),
  /** The tfjs.json that is written for it; its files are paths in the package. */
  tfjs: tfjsFileSchema.extend({
    card: z.looseObject({
      ...{ name: z.string(), kind: z.enum(modelKinds), summary: z.string() },
      ...{ licence: z.string(), commercialUse: z.boolean().nullable() },
    }),
  }),
});
const entrySchema = z.union([addressedSchema, packagedSchema]);
const catalogueSchema = z.strictObject({ schema: z.literal(1), models: z.array(entrySchema) });

/** A model that can be downloaded: file by file, or in a package of npm's. */
export type CatalogueEntry = z.infer<typeof entrySchema>;
/** See {@link CatalogueEntry}. */
export type AddressedEntry = z.infer<typeof addressedSchema>;
/** See {@link CatalogueEntry}. */
export type PackagedEntry = z.infer<typeof packagedSchema>;

/** What people are told of a model before they download it. */
export interface ModelOffer {
  readonly name: string;
  readonly kind: ModelCard['kind'];
  readonly summary: string;
  readonly licence: string;
  readonly commercialUse: boolean | null;
  /** Bytes that come over the network. */
  readonly bytes: number;
  readonly ran: string | null;
}

/** What the list says of a model, wherever it comes from. */
export function modelOffer(entry: CatalogueEntry): ModelOffer {
  const { name, kind, summary, licence, commercialUse } = 'card' in entry ? entry.card : entry.tfjs.card;
  const bytes =
    'card' in entry
      ? (entry.card.data ?? []).reduce((sum, file) => sum + file.bytes, entry.card.bytes)
      : entry.package.bytes;
  return { name, kind, summary, licence, commercialUse, bytes, ran: entry.ran };
}

/** The list that comes with this package; the same two folders up from src/ and dist/. */
const ownCatalogue = fileURLToPath(new URL('../../catalogue.json', import.meta.url));

/**
 * The models that can be downloaded, as listed.
 * @param path another list of that form
 * @throws ModelError MODEL_CATALOGUE
 */
export async function readCatalogue(path: string = ownCatalogue): Promise<CatalogueEntry[]> {
  let json: unknown;
  try {
    json = jsonOf(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new ModelError('MODEL_CATALOGUE', `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const { success, data, error } = catalogueSchema.safeParse(json);
  if (success) return data.models;
  const [issue] = error.issues;
  throw new ModelError('MODEL_CATALOGUE', `${path}: "${issue?.path.join('.')}": ${issue?.message}`, { cause: error });
}

/**
 * One of the models that can be downloaded.
 * @throws ModelError MODEL_CATALOGUE_NAME naming those there are
 */
export function catalogueEntry(catalogue: readonly CatalogueEntry[], name: string): CatalogueEntry {
  const found = catalogue.find((entry) => modelOffer(entry).name === name);
  if (found !== undefined) return found;
  const names = catalogue.map((entry) => modelOffer(entry).name);
  const near = nearestName(name, names);
  throw new ModelError('MODEL_CATALOGUE_NAME', `the catalogue has no model '${name}'`, {
    hint: `${near === undefined ? '' : `did you mean ${near}? `}it has: ${names.join(', ')}; others are brought here with: primatrix models add <folder>`,
  });
}
