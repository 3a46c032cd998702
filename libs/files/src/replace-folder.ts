import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Where a folder waits while another takes its place. */
function beforePath(folder: string): string {
  return join(dirname(folder), `.${basename(folder)}.before`);
}

/**
 * Puts a finished folder in the place of another, which is removed. Systems have no exchange of folders for us:
 * between two renames the name is free, and {@link takeBackFolder} gives whoever finds it so the folder of before,
 * also when this process was killed just then.
 */
export async function replaceFolder(finished: string, folder: string): Promise<void> {
  const before = beforePath(folder);
  for (;;) {
    // What an earlier one did not get to remove.
    if (!(await takeBackFolder(folder))) await rm(before, { recursive: true, force: true });
    await rename(folder, before).catch(ignore('ENOENT'));
    try {
      await rename(finished, folder);
      break;
    } catch (error) {
      // A reader has taken the other one back meanwhile.
      ignore('ENOTEMPTY', 'EEXIST')(error);
    }
  }
  await rm(before, { recursive: true, force: true });
}

/** Brings back a folder that was about to be replaced, where nothing is in its place. @returns whether it did */
export async function takeBackFolder(folder: string): Promise<boolean> {
  try {
    // A folder that holds something is never replaced by a rename.
    await rename(beforePath(folder), folder);
    return true;
  } catch {
    return false;
  }
}

function ignore(...codes: string[]): (error: unknown) => void {
  return (error) => {
    if (!codes.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  };
}
