import { stat } from 'node:fs/promises';
import type { ClipMetadata, ClipOutcome } from '@primatrix/contracts';
import { ClipError, describeClip, inspectClip } from '@primatrix/video';
import { extractableClip, type ExtractableClip } from '../extraction/extract-clip.ts';
import type { InputFile } from '../inputs/list-inputs.ts';

/** A file as its container describes it: the clip to look at, or how it failed. */
export type ProbedFile = { readonly modifiedAt: Date | null } & (
  | { readonly clip: ExtractableClip; readonly metadata: ClipMetadata }
  | { readonly clip: null; readonly outcome: ClipOutcome }
);

/** Reads a file's container; one that cannot be read is no error, but a clip that failed. */
export async function probeFile({ filename, path }: InputFile, signal: AbortSignal): Promise<ProbedFile> {
  const modifiedAt = (await stat(path).catch(() => null))?.mtime ?? null;
  try {
    const inspection = await inspectClip(path, { signal });
    const metadata = await describeClip(inspection, { signal });
    return { modifiedAt, metadata, clip: extractableClip(filename, path, metadata, inspection) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ClipError) return { modifiedAt, clip: null, outcome: error.outcome };
    throw error;
  }
}
