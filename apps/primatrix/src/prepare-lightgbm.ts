import { ensureLibrary } from '@primatrix/lightgbm-ts';
import type { Session } from './terminal/session.ts';
import { Progress } from './terminal/progress.ts';

/** Builds the LightGBM library where it is not there yet: once a machine, some minutes. */
export async function prepareLightgbm(session: Session): Promise<void> {
  let progress: Progress | undefined;
  await ensureLibrary({
    signal: session.signal,
    onProgress: ({ fraction, file }) => {
      progress ??= new Progress('build LightGBM (once)');
      progress.update(fraction, file);
    },
  });
  progress?.finish('LightGBM is built');
}
