import { mkdir } from 'node:fs/promises';
import { fetchPackage } from './fetch-package.ts';
import { lightgbmFiles } from './lightgbm.ts';
import type { NativeLibrary } from './native-packages.ts';
import { onnxruntimeFiles, originalOnnxruntime, writeSlimOnnxruntime } from './onnxruntime.ts';
import type { Target } from './targets.ts';
import { writePlatformPackage } from './write-package.ts';
import { xgboostFiles } from './xgboost.ts';
import { findZig } from './zig.ts';

/** What is made, and where. */
export interface NativeRequest {
  readonly libraries: readonly NativeLibrary['name'][];
  readonly targets: readonly Target[];
  /** Folder of the packages. */
  readonly out: string;
  /** Folder of compilers, sources and finished libraries. */
  readonly cache: string;
  /** Told what is done, a line each. */
  readonly say: (line: string) => void;
}

/**
 * Makes the packages of prebuilt libraries.
 * @returns their folders
 * @throws PrimatrixError NATIVE_FETCH, NATIVE_BUILD, NATIVE_SOURCES, NATIVE_ONNXRUNTIME, NATIVE_LIBRARY
 */
export async function makeNativePackages(request: NativeRequest): Promise<string[]> {
  const { libraries, targets, out, cache, say } = request;
  await mkdir(cache, { recursive: true });
  const made: string[] = [];
  for (const library of libraries) {
    if (library === 'onnxruntime') made.push(await writeSlimOnnxruntime(out));
    const zig = library === 'onnxruntime' ? '' : await findZig(cache);
    for (const target of targets) {
      let units = 0;
      const onUnit = (file: string) => say(`${library} ${target.name}: ${++units} compiled, ${file}`);
      const tools = { zig, cache, onUnit };
      const files =
        library === 'onnxruntime'
          ? await onnxruntimeFiles(target, await fetchPackage(originalOnnxruntime, cache))
          : library === 'lightgbm'
            ? await lightgbmFiles(target, tools)
            : await xgboostFiles(target, tools);
      made.push(await writePlatformPackage(files, out));
    }
  }
  return made;
}
