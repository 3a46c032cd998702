import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrimatrixError } from '@primatrix/contracts';
import { sha256Bytes } from '@primatrix/files';
import { crossBuild } from './cross-build.ts';
import type { Target } from './targets.ts';
import type { PlatformFiles } from './write-package.ts';

/** Debian's source packages, unpacked beside each other, and folders in which their C++ lies. */
const parts = {
  xgboost: { folder: 'xgboost-1.7.4', units: ['src', 'rabit/src'], licence: 'LICENSE' },
  dmlc: { folder: 'dmlc-core-0.5', units: ['src'], licence: 'LICENSE' },
};

/** Programs, other transports and file systems over a network: not a part of the library as it is used here. */
const leftOut = /cli_main\.cc$|engine_mock\.cc$|engine_mpi\.cc$|(azure|hdfs|s3)_filesys\.cc$/;

/** Targets whose library npm's `xgboost_node` carries (1.7.5), and where: that is the one that is tried every day. */
const carried: Readonly<Record<string, string>> = {
  'linux-x64': 'lib/libxgboost.so',
  'darwin-arm64': 'binary/libxgboost.dylib',
};

/**
 * XGBoost for a target: the library that npm's `xgboost_node` carries, else 1.7.4 compiled without OpenMP and GPUs.
 * @param environment `PRIMATRIX_XGBOOST_SOURCES` names the folder with the unpacked sources
 * @throws PrimatrixError NATIVE_SOURCES where they are not there
 */
export async function xgboostFiles(
  target: Target,
  tools: { readonly zig: string; readonly cache: string; readonly onUnit: (file: string) => void },
  environment: NodeJS.ProcessEnv = process.env,
): Promise<PlatformFiles> {
  const ready = carried[target.name];
  if (ready !== undefined) {
    const from = dirname(createRequire(import.meta.url).resolve('xgboost_node/package.json'));
    return {
      library: 'xgboost',
      target,
      files: [join(from, ready)],
      licences: { 'LICENSE.xgboost_node': join(from, 'LICENSE') },
      origin:
        "XGBoost 1.7.5 (Apache-2.0), as npm's xgboost_node 0.4.2 carries it; on Linux it needs glibc 2.34 and libgomp.",
    };
  }
  const given = environment['PRIMATRIX_XGBOOST_SOURCES'] ?? '';
  const [xgboost, dmlc] = [parts.xgboost, parts.dmlc].map(({ folder }) => join(given, folder)) as [string, string];
  const units: string[] = [];
  for (const { folder, units: below } of Object.values(parts)) {
    for (const place of below) units.push(...(await sourcesBelow(join(given, folder, place))));
  }
  const texts = await Promise.all(units.map((unit) => readFile(unit)));
  const library = await crossBuild(
    {
      stem: 'libxgboost',
      sources: sha256Bytes(texts.map((text) => sha256Bytes(text)).join('\n')),
      units,
      includes: [join(xgboost, 'include'), join(xgboost, 'rabit/include'), join(xgboost, 'src'), join(dmlc, 'include')],
      // Thread-local objects as pointers: as they are they want 5.6 kB, and glibc keeps 1.6 kB for libraries loaded late.
      flags: ['-DDMLC_LOG_CUSTOMIZE=1', '-DDMLC_USE_CXX11=1', '-DDMLC_USE_CXX14=1', '-DDMLC_CXX11_THREAD_LOCAL=0'],
      // What it offers is marked in its sources, for Windows too.
      exports: [],
    },
    target,
    tools,
  );
  return {
    library: 'xgboost',
    target,
    files: [library],
    licences: { LICENSE: join(xgboost, parts.xgboost.licence), 'LICENSE.dmlc-core': join(dmlc, parts.dmlc.licence) },
    origin: `XGBoost 1.7.4 with dmlc-core 0.5, from Debian's source packages, compiled with clang, without OpenMP.`,
  };
}

async function sourcesBelow(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder, { recursive: true });
    return names
      .filter((name) => name.endsWith('.cc') && !leftOut.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch (cause) {
    throw new PrimatrixError('NATIVE_SOURCES', `deploy: the sources of XGBoost are not in ${folder}`, {
      cause,
      hint: "unpack the originals of Debian's source packages xgboost 1.7.4 and dmlc-core 0.5 into one folder, and name it in PRIMATRIX_XGBOOST_SOURCES",
    });
  }
}
