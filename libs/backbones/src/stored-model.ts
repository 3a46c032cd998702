import { readWeights } from '@primatrix/onnx';
import type { BackboneSpec } from './backbone-spec.ts';
import { compileFolded, foldedLayersOf, type CompileOptions } from './compile-backbone.ts';

/**
 * The graph that lies in a file, or another one of the same weights.
 * @param path of an ONNX file that `compileBackbone` wrote plainly
 */
export function storedModel(
  spec: BackboneSpec,
  path: string,
  { winograd = false }: CompileOptions,
): Uint8Array | string {
  if (!winograd) return path;
  const layers = foldedLayersOf(readWeights(path));
  const edition = [spec, spec.earlier].find((of) => of?.layers.some(({ name }) => layers.has(name)));
  return compileFolded(edition ?? spec, layers, { winograd });
}
