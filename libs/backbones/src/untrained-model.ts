import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  digestOf,
  makeFolder,
  removeStaleTemporaries,
  sha256Bytes,
  sha256File,
  userCacheFolder,
  writeFileAtomic,
} from '@primatrix/files';
import { runtimeVersion } from '@primatrix/onnx';
import type { BackboneSpec } from './backbone-spec.ts';
import { compileBackbone, type CompileOptions } from './compile-backbone.ts';
import { randomWeights } from './random-weights.ts';
import { storedModel } from './stored-model.ts';

/** Raised where {@link randomWeights} or the graph change: what was kept before is then made again. */
const recipe = 1;

/**
 * The graph of a backbone with untrained weights, which take seconds to make: they are kept where the system has what programs
 * can make again, named by what they are made of and by their own digest.
 * @param threads of the runtime that measures them; 0 for all cores
 * @param folder where they are kept
 * @returns the path of an ONNX file, or its bytes where it cannot be kept
 */
export async function untrainedModel(
  spec: BackboneSpec,
  { seed, threads, ...options }: CompileOptions & { readonly seed: number; readonly threads: number },
  folder = join(resolve(userCacheFolder()), 'untrained'),
): Promise<string | Uint8Array> {
  const { name, preprocess, minSize, layers } = spec;
  const key = digestOf({ recipe, runtimeVersion, seed, name, preprocess, minSize, layers });
  const start = `${name}-${key.slice(0, 16)}-`;
  const kept = await keptModel(folder, start);
  if (kept !== undefined) return storedModel(spec, kept, options);
  const weights = await randomWeights(spec, seed, threads);
  const plain = compileBackbone(spec, weights);
  // Of a full or read-only disk time is lost only.
  const path = await keepModel(join(folder, `${start}${sha256Bytes(plain)}.onnx`), plain).catch(() => undefined);
  return path === undefined ? compileBackbone(spec, weights, options) : storedModel(spec, path, options);
}

async function keepModel(path: string, model: Uint8Array): Promise<string> {
  await makeFolder(dirname(path));
  await removeStaleTemporaries(dirname(path), { recursive: false });
  await writeFileAtomic(path, model);
  return path;
}

/** A whole one; undefined where there is none. */
async function keptModel(folder: string, start: string): Promise<string | undefined> {
  for (const file of await readdir(folder).catch(() => [])) {
    const [, digest] = /-([0-9a-f]{64})\.onnx$/.exec(file) ?? [];
    if (digest === undefined || !file.startsWith(start)) continue;
    const path = join(folder, file);
    if ((await sha256File(path).catch(() => undefined)) === digest) return path;
  }
  return undefined;
}
