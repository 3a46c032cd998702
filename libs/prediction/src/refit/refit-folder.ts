import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { removeStaleTemporaries } from '@primatrix/files';

/** The first free one of `<bundle>-refit-1`, `-2`, ...; of a re-fit the number goes on. */
export function nextRefitFolder(bundle: string): string {
  const stem = bundle.replace(/-refit-\d+$/, '');
  for (let number = 1; ; number++) {
    const folder = `${stem}-refit-${number}`;
    if (!existsSync(folder)) return folder;
  }
}

/** Removes what a re-fit that was killed has left of this bundle. */
export async function removeRefitLeftovers(out: string): Promise<void> {
  await removeStaleTemporaries(dirname(out), { recursive: false, of: basename(out) });
}
