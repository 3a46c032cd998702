import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { clipFaultSchema, clipMetadataSchema } from '@primatrix/contracts';
import { canonicalJson, readLines, writeTextAtomic } from '@primatrix/files';
import { z } from 'zod';

const ingestedSchema = z.object({
  filename: z.string(),
  split: z.enum(['train', 'test', 'other']),
  /** Set when the clip could be probed. */
  metadata: clipMetadataSchema.nullable(),
  /** Set when it could not. */
  fault: clipFaultSchema.nullable(),
  reason: z.string(),
});

const countSchema = z.object({ clips: z.int().nonnegative() });

/** What ingest found out about one clip of the dataset. */
export type IngestedClip = z.infer<typeof ingestedSchema>;

/** JSON lines: one that tells how many clips there are, then one a clip. */
export const clipsFile = 'ingest/clips.jsonl';

/** Writes what {@link readIngested} reads back. */
export async function writeIngested(artifacts: string, clips: readonly IngestedClip[]): Promise<void> {
  const lines = function* () {
    yield `${canonicalJson({ clips: clips.length })}\n`;
    for (const clip of clips) yield `${canonicalJson(clip)}\n`;
  };
  await writeTextAtomic(join(artifacts, clipsFile), lines());
}

/**
 * Reads what the ingest stage left.
 * @throws where it is not there or damaged
 */
export async function readIngested(artifacts: string): Promise<IngestedClip[]> {
  await using handle = await open(join(artifacts, clipsFile));
  let count: number | undefined;
  const clips: IngestedClip[] = [];
  for await (const { text } of readLines(handle)) {
    const line: unknown = JSON.parse(text);
    if (count === undefined) count = countSchema.parse(line).clips;
    else clips.push(ingestedSchema.parse(line));
  }
  if (count !== clips.length) {
    throw new RangeError(
      `training: ${clipsFile} must have a line for each of its ${count ?? 0} clips, got ${clips.length}`,
    );
  }
  return clips;
}
