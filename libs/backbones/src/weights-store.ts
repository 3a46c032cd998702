import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { sha256Bytes, sha256File, userDataFolder, writeFileAtomic } from '@primatrix/files';
import { z } from 'zod';
import { countParameters, kerasLayers, type BackboneSpec } from './backbone-spec.ts';
import { compileBackbone } from './compile-backbone.ts';
import { downloadFor } from './download.ts';
import { WeightsError } from './errors.ts';
import { matchKerasWeights } from './keras-weights/match-keras-weights.ts';

const fileFacts = z.object({ file: z.string(), bytes: z.int().positive(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });

const cardSchema = z.object({
  schema: z.literal('primatrix/backbone-weights@1'),
  backbone: z.string(),
  /** The Keras file they came from, by its name. */
  source: fileFacts,
  /** The converted graph, beside the card. */
  model: fileFacts,
  parameters: z.int().positive(),
  /** Of the parameters, those (batch-norm statistics) that training does not touch. */
  frozenParameters: z.int().nonnegative(),
});

/** What is known of imported weights; kept as `<backbone>.json` in the weights folder. */
export type WeightsCard = z.infer<typeof cardSchema>;

/**
 * The folder for imported weights: `PRIMATRIX_WEIGHTS`, else `weights` in the folder where the system keeps what a user
 * gave to programs.
 */
export function defaultWeightsDir(env: NodeJS.ProcessEnv = process.env): string {
  return env['PRIMATRIX_WEIGHTS'] ?? join(userDataFolder({ env }), 'weights');
}

/**
 * Reads a Keras file, checks that it is this backbone's, and keeps it as an ONNX graph in `weightsDir`. A second
 * import replaces the first; until the very end the first stays in use.
 * @throws KerasWeightsError where the file is not this backbone's weights
 */
export async function importWeights(spec: BackboneSpec, h5Path: string, weightsDir: string): Promise<WeightsCard> {
  // Brings the HDF5 library, which nothing else needs.
  const { readKerasWeights } = await import('./keras-weights/read-keras-weights.ts');
  const file = await readKerasWeights(h5Path);
  // An earlier edition has layer names of its own: the first one decides which edition a file is of.
  const { earlier } = spec;
  const edition = earlier !== undefined && file.layers.has(kerasLayers(earlier)[0]?.name ?? '') ? earlier : spec;
  const graph = compileBackbone(edition, matchKerasWeights(file, spec.title, kerasLayers(edition)));
  const sha256 = sha256Bytes(graph);
  const { total, frozen } = countParameters(spec);
  const card: WeightsCard = {
    schema: 'primatrix/backbone-weights@1',
    backbone: spec.name,
    source: { file: basename(h5Path), bytes: (await stat(h5Path)).size, sha256: await sha256File(h5Path) },
    // Named by content: the card, written last, switches from one whole file to another.
    model: { file: `${spec.name}-${sha256.slice(0, 12)}.onnx`, bytes: graph.length, sha256 },
    parameters: total,
    frozenParameters: frozen,
  };
  const before = await readCard(spec.name, weightsDir).catch(() => undefined);
  await writeFileAtomic(join(weightsDir, card.model.file), graph);
  await writeFileAtomic(cardPath(spec.name, weightsDir), `${JSON.stringify(card, null, 2)}\n`);
  if (before !== undefined && before.model.file !== card.model.file) {
    await rm(join(weightsDir, basename(before.model.file)), { force: true });
  }
  return card;
}

/** The cards of all imported weights, by backbone name; empty where the folder does not exist. */
export async function listWeights(weightsDir: string): Promise<WeightsCard[]> {
  const names = await readdir(weightsDir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const cards: WeightsCard[] = [];
  for (const name of names.filter((file) => file.endsWith('.json') && !file.startsWith('.')).sort()) {
    const card = await readCard(name.slice(0, -'.json'.length), weightsDir);
    if (card !== undefined) cards.push(card);
  }
  return cards;
}

/**
 * The card of a backbone's imported weights; undefined where none were imported.
 * @throws WeightsError `WEIGHTS_CORRUPT` where there is a card that cannot be read
 */
export async function readCard(backbone: string, weightsDir: string): Promise<WeightsCard | undefined> {
  const path = cardPath(backbone, weightsDir);
  try {
    return cardSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw corrupt(path, 'is not a weights card', backbone, cause);
  }
}

/**
 * The path of the graph that a card speaks of, after checking its size and digest.
 * @throws WeightsError `WEIGHTS_CORRUPT`
 */
export async function checkedModel(card: WeightsCard, weightsDir: string): Promise<string> {
  const path = join(weightsDir, basename(card.model.file));
  const bytes = await stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
  if (bytes === undefined) throw corrupt(path, 'is missing', card.backbone);
  if (bytes !== card.model.bytes) {
    throw corrupt(path, `has ${bytes} bytes, its card says ${card.model.bytes}`, card.backbone);
  }
  if ((await sha256File(path)) !== card.model.sha256) {
    throw corrupt(path, 'is not the file of its card: another sha256', card.backbone);
  }
  return path;
}

/** Where to take weights from instead of Keras's own place. */
export interface PullOptions {
  readonly url?: string;
  /** Expected bytes of the file at `url`; unchecked if undefined. */
  readonly bytes?: number;
  /** Expected sha256 of the file at `url`; unchecked if undefined. */
  readonly sha256?: string;
  readonly signal?: AbortSignal;
  /** Called while bytes arrive; `total` is null where the server does not say. */
  readonly onProgress?: (received: number, total: number | null) => void;
}

/**
 * Downloads a backbone's weights, checks size and digest, and imports them. Without a `url` they are Keras's own
 * file, checked against the size and MD5 that Keras states. The download itself is not kept.
 * @throws WeightsError `WEIGHTS_DOWNLOAD`, `WEIGHTS_SIZE` or `WEIGHTS_DIGEST`; KerasWeightsError as {@link importWeights}
 */
export async function pullWeights(
  spec: BackboneSpec,
  weightsDir: string,
  options: PullOptions = {},
): Promise<WeightsCard> {
  const official = options.url === undefined ? spec.official : undefined;
  const url = options.url ?? spec.official.url;
  const fileName = basename(new URL(url).pathname) || spec.official.fileName;
  return downloadFor(url, fileName, options, async (path) => {
    const { size } = await stat(path);
    const expected = options.bytes ?? official?.bytes;
    if (expected !== undefined && size !== expected) {
      throw new WeightsError('WEIGHTS_SIZE', `backbones: ${url} gave ${size} bytes, expected ${expected}`, {
        fields: { url, bytes: size, expectedBytes: expected },
      });
    }
    await checkDigest(url, path, 'sha256', options.sha256);
    await checkDigest(url, path, 'md5', official?.md5 ?? undefined);
    return importWeights(spec, path, weightsDir);
  });
}

async function checkDigest(
  url: string,
  path: string,
  algorithm: 'md5' | 'sha256',
  expected: string | undefined,
): Promise<void> {
  if (expected === undefined) return;
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  const got = hash.digest('hex');
  if (got !== expected.toLowerCase()) {
    throw new WeightsError(
      'WEIGHTS_DIGEST',
      `backbones: ${url} gave a file with ${algorithm} ${got}, expected ${expected}`,
      { fields: { url } },
    );
  }
}

/** Where the card of a backbone's imported weights lies. */
export function cardPath(backbone: string, weightsDir: string): string {
  return join(weightsDir, `${backbone}.json`);
}

function corrupt(path: string, what: string, backbone: string, cause?: unknown): WeightsError {
  return new WeightsError('WEIGHTS_CORRUPT', `backbones: ${path} ${what}`, {
    cause,
    fields: { file: path, backbone },
    hint: `import them again: primatrix weights import ${backbone} <file.h5>`,
  });
}
