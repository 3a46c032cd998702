import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findSources, sourcesDigest, writePatchedHeaders } from '@primatrix/lightgbm-ts/sources';
import { crossBuild } from './cross-build.ts';
import type { Target } from './targets.ts';
import type { PlatformFiles } from './write-package.ts';

/**
 * LightGBM for a target, from the same sources and with the same changes as where it is compiled on the spot, but
 * without OpenMP: stackers fit their folds beside each other, a thread each, and no system has to have a libgomp.
 */
export async function lightgbmFiles(
  target: Target,
  tools: { readonly zig: string; readonly cache: string; readonly onUnit: (file: string) => void },
): Promise<PlatformFiles> {
  const sources = await findSources();
  const { root, version } = sources;
  const patched = join(tools.cache, 'lightgbm-include');
  await mkdir(patched, { recursive: true });
  await writePatchedHeaders(sources, patched);
  const header = await readFile(join(root, 'include/LightGBM/c_api.h'), 'utf8');
  const external = ['eigen', 'fmt/include', 'fast_double_parser/include'];
  const library = await crossBuild(
    {
      stem: 'lib_lightgbm',
      sources: await sourcesDigest(sources),
      units: sources.units.map((unit) => join(root, unit)),
      includes: [patched, join(root, 'include'), ...external.map((folder) => join(root, 'external_libs', folder))],
      flags: [
        '-DUSE_SOCKET',
        '-DEIGEN_MPL2_ONLY',
        '-DEIGEN_DONT_PARALLELIZE',
        // Intel's header, which only x64 has.
        ...(target.arch === 'x64' && target.platform !== 'win32' ? ['-DMM_PREFETCH', '-DMM_MALLOC'] : []),
      ],
      exports: exportedFunctions(header),
    },
    target,
    tools,
  );
  return {
    library: 'lightgbm',
    target,
    files: [library],
    licences: {
      LICENSE: join(root, 'LICENSE'),
      'LICENSE.fmt': join(root, 'external_libs/fmt/LICENSE.rst'),
      'LICENSE.eigen': join(root, 'external_libs/eigen/COPYING.MPL2'),
      'LICENSE.fast_double_parser': join(root, 'external_libs/fast_double_parser/LICENSE'),
    },
    origin: `LightGBM ${version} from the sources in npm's lightgbm 1.0.27, compiled with clang, without OpenMP.`,
  };
}

/** Names of the functions that LightGBM's C API declares, sorted. */
function exportedFunctions(header: string): string[] {
  const names = [...header.matchAll(/LIGHTGBM_C_EXPORT\s+[\w\s*]+?\b(LGBM_\w+)\s*\(/g)].map((match) => match[1] ?? '');
  return [...new Set(names)].sort();
}
