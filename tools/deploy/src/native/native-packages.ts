import { boundFunctions as ofLightgbm } from '@primatrix/lightgbm-ts';
import { boundFunctions as ofXgboost } from '@primatrix/xgboost-ts';
import { targets, type Target } from './targets.ts';

/** A library that a release brings prebuilt: one package `@primatrix/<name>-<platform>-<arch>` a target. */
export interface NativeLibrary {
  readonly name: 'lightgbm' | 'xgboost' | 'onnxruntime';
  /** Version of its packages: raised when what is in them changes. */
  readonly version: string;
  readonly licence: string;
  readonly description: string;
  /** What is called of the file that is loaded: a package without one of these is not made. */
  readonly functions: readonly string[];
}

/** ONNX Runtime's packages have its own version: they hold its files as they are. */
export const onnxruntimeVersion = '1.30.0';

/** What a release brings, in the order in which it is made. */
export const nativeLibraries: readonly NativeLibrary[] = [
  {
    name: 'onnxruntime',
    version: onnxruntimeVersion,
    licence: 'MIT',
    description: 'ONNX Runtime for Node',
    // How Node finds the inside of an addon.
    functions: ['napi_register_module_v1'],
  },
  {
    name: 'lightgbm',
    version: '0.1.0',
    licence: 'MIT',
    description: 'LightGBM, without OpenMP',
    functions: ofLightgbm,
  },
  { name: 'xgboost', version: '0.1.0', licence: 'Apache-2.0', description: 'XGBoost', functions: ofXgboost },
];

/** @throws RangeError for a name that is none */
export function nativeLibrary(name: string): NativeLibrary {
  const found = nativeLibraries.find((library) => library.name === name);
  if (found === undefined) throw new RangeError(`there is no native library '${name}'`);
  return found;
}

/** `@primatrix/lightgbm-linux-x64`. */
export function platformPackage(library: string, { name }: Target): string {
  return `@primatrix/${library}-${name}`;
}

/** Optional dependencies that bring a library to who installs a package: npm takes the one that fits. */
export function platformDependencies(library: string): Record<string, string> {
  const { version } = nativeLibrary(library);
  return Object.fromEntries(targets.map((target) => [platformPackage(library, target), version]));
}
