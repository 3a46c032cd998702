import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readLog } from '@primatrix/files';
import { readBundle, firstLevelDigest } from '@primatrix/prediction';
import { z } from 'zod';
import type { OpenBundle } from '../prediction/source.ts';
import { projectFolder } from '../project/review-project.ts';

/** One line of a project's `refits.jsonl`; the last one of a re-fit counts. */
export const refitEntrySchema = z.object({
  /** Number of the re-fit: its bundle is `refits/<number>` in the project. */
  number: z.int().positive(),
  /** When it was started, ISO 8601. */
  at: z.string(),
  seconds: z.number(),
  /** Digest of the bundle that the pages were started with. */
  of: z.string(),
  corrections: z.int(),
  /** made: it waits for a decision; used: it predicts; dropped: the one of before stays. */
  state: z.enum(['made', 'used', 'dropped']),
});
export type RefitEntry = z.infer<typeof refitEntrySchema>;

/** Where the bundle of a re-fit lies in a project's folder. */
export function refitFolder(folder: string, number: number): string {
  return join(folder, 'refits', String(number));
}

export function refitLogFile(folder: string): string {
  return join(folder, 'refits.jsonl');
}

/**
 * The bundle that a project predicts with: the last re-fit of the bundle given that somebody chose to use, else that bundle.
 * @param place folder of the project
 * @param onTrouble told where a re-fit cannot be used any more
 */
export async function bundleInUse(
  place: string,
  given: OpenBundle,
  onTrouble: (message: string) => void,
): Promise<OpenBundle> {
  const folder = join(resolve(place), projectFolder);
  const log = refitLogFile(folder);
  let used: RefitEntry | undefined;
  if (existsSync(log)) {
    await readLog(
      log,
      refitEntrySchema,
      (entry) => void (entry.state === 'used' && entry.of === given.digest && (used = entry)),
    );
  }
  if (used === undefined) return given;
  const refitted = refitFolder(folder, used.number);
  try {
    const bundle = { folder: refitted, ...(await readBundle(refitted)) };
    if (firstLevelDigest(bundle) === firstLevelDigest(given)) return bundle;
    onTrouble(`the re-fit in ${refitted} is of another bundle: the one given is used`);
  } catch (error) {
    onTrouble(
      `the re-fit that was in use cannot be used any more, so the bundle given is: ${(error as Error).message}`,
    );
  }
  return given;
}
