import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { LightgbmBuildError } from '../errors.ts';

/** LightGBM's C++ source as npm's `lightgbm` package carries it. */
export interface Sources {
  /** Folder of the source tree. */
  readonly root: string;
  /** LightGBM's own version, such as 4.1.0.99. */
  readonly version: string;
  /** Files to compile, relative to `root`, the slowest first. */
  readonly units: readonly string[];
  /** Share of each unit in the time of all, in (0, 1). */
  readonly shareOf: (unit: string) => number;
}

/** Folders whose `.cpp` files make up the library; the same list as in LightGBM's CMakeLists.txt. */
const unitFolders = ['boosting', 'io', 'metric', 'network', 'objective', 'treelearner'];

/**
 * Seconds of compilation relative to each other. Starting the slow ones first keeps all cores busy to the end;
 * a file that is not named counts as 2.
 */
const costs: Readonly<Record<string, number>> = {
  'src/treelearner/serial_tree_learner.cpp': 41,
  'src/io/bin.cpp': 15,
  'src/treelearner/voting_parallel_tree_learner.cpp': 11,
  'src/treelearner/linear_tree_learner.cpp': 9,
  'src/c_api.cpp': 7,
  'src/io/tree.cpp': 7,
  'src/io/dataset.cpp': 6,
  'src/metric/metric.cpp': 5,
  'src/objective/objective_function.cpp': 5,
  'src/treelearner/data_parallel_tree_learner.cpp': 5,
  'src/io/dataset_loader.cpp': 4,
  'src/io/config_auto.cpp': 4,
  'src/boosting/gbdt.cpp': 4,
};

/** Finds the source tree; throws {@link LightgbmBuildError} when npm's `lightgbm` is not installed or looks different. */
export async function findSources(): Promise<Sources> {
  try {
    const packageFile = createRequire(import.meta.url).resolve('lightgbm/package.json');
    const root = join(dirname(packageFile), 'dependencies', 'LightGBM');
    const version = (await readFile(join(root, 'VERSION.txt'), 'utf8')).trim();
    const units = ['src/c_api.cpp'];
    for (const folder of unitFolders) {
      const names = await readdir(join(root, 'src', folder));
      units.push(...names.filter((name) => name.endsWith('.cpp')).map((name) => `src/${folder}/${name}`));
    }
    const costOf = (unit: string): number => costs[unit] ?? 2;
    const all = units.reduce((sum, unit) => sum + costOf(unit), 0);
    units.sort((a, b) => costOf(b) - costOf(a) || (a < b ? -1 : 1));
    return { root, version, units, shareOf: (unit) => costOf(unit) / all };
  } catch (cause) {
    throw new LightgbmBuildError('the C++ source of LightGBM was not found', {
      cause,
      hint: 'Run "npm install --ignore-scripts lightgbm@1.0.27", which brings it, or set PRIMATRIX_LIGHTGBM to a built lib_lightgbm.',
    });
  }
}
