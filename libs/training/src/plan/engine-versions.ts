import { createRequire } from 'node:module';
import { runtimeVersion } from '@primatrix/onnx';

const require = createRequire(import.meta.url);
const versionOf = (specifier: string) => (require(specifier) as { version: string }).version;

/** What computes: another version may give other numbers, so these are part of every cache key. */
export const engineVersions = {
  /**
   * Of this package, under the name that keys and reports have known it by. It stands for @primatrix/prediction, too,
   * whose extraction makes features: where that comes to other numbers, this version is raised with its own.
   */
  pipeline: versionOf('../../package.json'),
  nets: versionOf('@primatrix/nets/package.json'),
  onnxRuntime: runtimeVersion,
} as const;
