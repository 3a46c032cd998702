import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { jsonOf, nearestName } from '@primatrix/contracts';
import { z } from 'zod';
import { modelCardSchema } from '../folder/model-card.ts';
import { ModelError } from '../model-error.ts';

const entrySchema = z
  .strictObject({
    /** The model.json that it is kept with. */
    card: modelCardSchema,
    /** Where each file of the card can be had. */
    addresses: z.record(z.string(), z.url({ protocol: /^https?$/ })),
    /** Names of its classes, by index. */
    labels: z.array(z.string().min(1)).optional(),
    /** The day on which it was run here and gave what others got; null: never. */
    ran: z.iso.date().nullable(),
  })
  .refine(({ card, addresses }) => [card, ...(card.data ?? [])].every(({ file }) => file in addresses), {
    path: ['addresses'],
    error: 'must say where each file of the card can be had',
  })
  .refine(({ card, labels }) => 'labels' in card === (labels !== undefined), {
    path: ['labels'],
    error: 'must be there where the card has labels',
  });
const catalogueSchema = z.strictObject({ schema: z.literal(1), models: z.array(entrySchema) });

/** A model that can be downloaded. */
export type CatalogueEntry = z.infer<typeof entrySchema>;

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
  const found = catalogue.find(({ card }) => card.name === name);
  if (found !== undefined) return found;
  const names = catalogue.map(({ card }) => card.name);
  const near = nearestName(name, names);
  throw new ModelError('MODEL_CATALOGUE_NAME', `the catalogue has no model '${name}'`, {
    hint: `${near === undefined ? '' : `did you mean ${near}? `}it has: ${names.join(', ')}; others are brought here with: primatrix models add <folder>`,
  });
}
