import { createRequire } from 'node:module';
import { runtimeVersion } from '@primatrix/onnx';

const require = createRequire(import.meta.url);
const versionOf = (specifier: string) => (require(specifier) as { version: string }).version;

/** What computes: another version may give other numbers, so these are part of every cache key. */
export const engineVersions = {
  /** Of this package: the stages. */
  training: versionOf('../../package.json'),
  /** Its extraction makes features. */
  prediction: versionOf('@primatrix/prediction/package.json'),
  nets: versionOf('@primatrix/nets/package.json'),
  onnxRuntime: runtimeVersion,
} as const;
