import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LightgbmBuildError } from '../errors.ts';
import type { Sources } from './sources.ts';

/** One change of a LightGBM header: `before` must be there exactly once. */
export interface Patch {
  /** Path under LightGBM's `include` folder. */
  readonly header: string;
  readonly before: string;
  readonly after: string;
}

/** What a library that lives inside another program must do differently. The numbers it computes stay the same. */
export const patches: readonly Patch[] = [
  {
    // A fatal error comes back as an exception and becomes ours: it need not be printed to stderr as well.
    header: 'LightGBM/utils/log.h',
    before: 'fprintf(stderr, "[LightGBM] [Fatal] %s\\n", str_buf);',
    after: '',
  },
  {
    // The log callback is set per thread; OpenMP's helper threads have none and would write to our stdout.
    header: 'LightGBM/utils/log.h',
    before: 'LogLevel level = LogLevel::Info;',
    after: 'LogLevel level = LogLevel::Fatal;',
  },
  {
    // Every loop rethrows its exception itself. Rethrowing again while that one passes through the destructor ends the process.
    header: 'LightGBM/utils/openmp_wrapper.h',
    before: '~ThreadExceptionHelper() {\n    ReThrow();\n  }',
    after: '~ThreadExceptionHelper() {}',
  },
];

/** Writes changed copies of the headers under `folder`, which must come first among the include folders. The originals stay. */
export async function writePatchedHeaders(sources: Sources, folder: string): Promise<void> {
  for (const header of new Set(patches.map((patch) => patch.header))) {
    let text = (await readFile(join(sources.root, 'include', header), 'utf8')).replaceAll('\r\n', '\n');
    for (const { before, after } of patches.filter((patch) => patch.header === header)) {
      if (text.split(before).length !== 2) {
        throw new LightgbmBuildError(`LightGBM ${sources.version} has another ${header} than this package knows`, {
          hint: "Install the version of npm's lightgbm that this package depends on, or set PRIMATRIX_LIGHTGBM to a built lib_lightgbm.",
        });
      }
      text = text.replace(before, () => after);
    }
    await mkdir(dirname(join(folder, header)), { recursive: true });
    await writeFile(join(folder, header), text);
  }
}
