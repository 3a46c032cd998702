import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Clip } from '@primatrix/dataset';
import { canonicalJson, stampOf, writeFileAtomic } from '@primatrix/files';
import { forEachConcurrently } from '@primatrix/prediction';
import { z } from 'zod';

/**
 * Size and time of change of the files that ingest looked at. Beside the artifact folder, not in it: they are this
 * machine's, and equal work gives equal bytes there.
 */
const stampsPath = (artifacts: string) => join(dirname(artifacts), `.${basename(artifacts)}.stamps.json`);

const stampsSchema = z.object({
  /** Digest of what probed the clips: another program finds out other things. */
  by: z.string(),
  stamps: z.array(z.tuple([z.string(), z.string()])),
});

/** Files asked for their stamps at once. */
const atOnce = 64;

/** Size and time of change of each clip's file, by the clip's name. */
export async function stampClips(clips: readonly Clip[]): Promise<Map<string, string>> {
  const stamps = new Map<string, string>();
  await forEachConcurrently(clips, atOnce, new AbortController().signal, async ({ filename, path }) => {
    stamps.set(filename, await stampOf(path));
  });
  return stamps;
}

/**
 * What {@link writeStamps} kept, and by what the clips were probed; undefined where there is nothing that can be read.
 */
export async function readStamps(
  artifacts: string,
): Promise<{ readonly by: string; readonly stamps: ReadonlyMap<string, string> } | undefined> {
  try {
    const { by, stamps } = stampsSchema.parse(JSON.parse(await readFile(stampsPath(artifacts), 'utf8')));
    return { by, stamps: new Map(stamps) };
  } catch {
    return undefined;
  }
}

/** Keeps the stamps that clips had before they were probed. */
export async function writeStamps(artifacts: string, by: string, stamps: ReadonlyMap<string, string>): Promise<void> {
  await writeFileAtomic(stampsPath(artifacts), `${canonicalJson({ by, stamps: [...stamps].sort() })}\n`);
}
