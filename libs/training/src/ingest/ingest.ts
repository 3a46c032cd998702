import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { ClipFault, ClipMetadata } from '@primatrix/contracts';
import type { Clip } from '@primatrix/dataset';
import { makeFolds } from '@primatrix/dataset';
import { canonicalJson, writeFileAtomic } from '@primatrix/files';
import { forEachConcurrently, Journal } from '@primatrix/prediction';
import { ClipError, probeClip } from '@primatrix/video';
import { z } from 'zod';
import { needsOf } from '../plan/stage-needs.ts';
import type { Stage } from '../plan/stage.ts';
import { familySet, type Training } from '../plan/training.ts';
import { writeClipTable, writeMetadataColumns } from './clip-table.ts';
import { clipsFile, writeIngested, type IngestedClip } from './ingested-clips.ts';

const foldsFile = 'ingest/folds.json';
/** What is known of each clip of the dataset, below the artifact folder. */
export const clipTableFile = 'manifest.parquet';
/** The metadata family's columns for the second level, below the artifact folder. */
export const metadataColumnsFile = 'ingest/columns.parquet';
/** What those columns compare clips with. */
export const metadataReferenceFile = 'ingest/reference.json';
const journalFile = 'ingest/.clips.journal';

/** Clips probed at once: each is a child process that mostly waits for the disk. */
const probesAtOnce = 4;

/**
 * Probes every clip of the dataset once, and deals the labelled ones into folds. Its results are
 * `ingest/clips.jsonl`, `ingest/folds.json`, the metadata columns and, for people, `manifest.parquet`.
 */
export function ingestStage(training: Training): Stage {
  const { dataset, artifacts } = training;
  const { metadata } = familySet(training.families, training.profile);
  return {
    project: metadata.name,
    task: 'ingest',
    needs: needsOf(training, metadata.name, 'ingest'),
    cost: 0.15 * dataset.clips.length,
    inputs: async () => ({
      version: metadata.version,
      profile: training.profile,
      dataset: dataset.digest,
      folds: training.folds,
      seed: training.seed,
    }),
    async run({ signal, report }) {
      const found = new Map<string, IngestedClip>();
      const journal = await Journal.open<IngestedClip>(join(artifacts, journalFile), dataset.digest, (entry) =>
        found.set(entry.filename, entry),
      );
      try {
        const rest = dataset.clips.filter((clip) => !found.has(clip.filename));
        await forEachConcurrently(rest, probesAtOnce, signal, async (clip) => {
          const entry = await ingestClip(clip, signal);
          await journal.add(entry);
          found.set(clip.filename, entry);
          report(found.size / dataset.clips.length, clip.filename);
        });
        const clips = dataset.clips.map((clip) => found.get(clip.filename) as IngestedClip);
        await writeIngested(artifacts, clips);
        await writeFileAtomic(join(artifacts, foldsFile), `${canonicalJson(foldsOf(training, clips))}\n`);
        await writeClipTable(join(artifacts, clipTableFile), dataset, clips);
        const reference = await writeMetadataColumns(join(artifacts, metadataColumnsFile), training, clips);
        await writeFileAtomic(join(artifacts, metadataReferenceFile), `${canonicalJson(reference)}\n`);
        await journal.remove();
        const failed = clips.filter((clip) => clip.metadata === null);
        return {
          outputs: [clipsFile, foldsFile, clipTableFile, metadataColumnsFile, metadataReferenceFile],
          summary: {
            clips: clips.length,
            failed: failed.map(({ filename, fault, reason }) => ({ filename, fault, reason })),
          },
        };
      } finally {
        await journal[Symbol.asyncDispose]();
      }
    },
  };
}

async function ingestClip(clip: Clip, signal: AbortSignal): Promise<IngestedClip> {
  const base = { filename: clip.filename, split: clip.split };
  try {
    const metadata: ClipMetadata = await probeClip(clip.path, { signal });
    // The path is this machine's; the name is the dataset's.
    return { ...base, metadata: { ...metadata, file: clip.filename }, fault: null, reason: '' };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ClipError)) throw error;
    return {
      ...base,
      metadata: null,
      fault: error.fault satisfies ClipFault,
      reason: error.message.replaceAll(clip.path, clip.filename),
    };
  }
}

function foldsOf(training: Training, clips: readonly IngestedClip[]): string[][] {
  const readable = new Set(clips.filter((clip) => clip.metadata !== null).map((clip) => clip.filename));
  const labelled = training.dataset.clips.flatMap((clip) =>
    clip.labels !== undefined && readable.has(clip.filename) ? [{ ...clip, labels: clip.labels }] : [],
  );
  return makeFolds(labelled, {
    classes: training.dataset.classes,
    folds: training.folds,
    seed: training.seed,
  }).folds.map((fold) => [...fold]);
}

/** Reads the folds: file names of the validation clips of each. */
export async function readFolds(artifacts: string): Promise<string[][]> {
  return z.array(z.array(z.string())).parse(JSON.parse(await readFile(join(artifacts, foldsFile), 'utf8')));
}
