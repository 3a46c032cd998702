import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { ClipFault, ClipMetadata } from '@primatrix/contracts';
import type { Clip } from '@primatrix/dataset';
import { makeFolds } from '@primatrix/dataset';
import { canonicalJson, digestOf, writeFileAtomic } from '@primatrix/files';
import { forEachConcurrently, Journal } from '@primatrix/prediction';
import { ClipError, probeClip } from '@primatrix/video';
import { z } from 'zod';
import { engineVersions } from '../plan/engine-versions.ts';
import { needsOf } from '../plan/stage-needs.ts';
import type { Stage } from '../plan/stage.ts';
import { familySet, type Training } from '../plan/training.ts';
import { readStamps, stampClips, writeStamps } from './clip-stamps.ts';
import { writeClipTable, writeMetadataColumns } from './clip-table.ts';
import { fileTimes } from './file-times.ts';
import { clipsFile, readIngested, writeIngested, type IngestedClip } from './ingested-clips.ts';

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
  const settings = metadata.settings?.[training.profile];
  const soundBytes = settings?.soundBytes ?? false;
  const by = digestOf({ version: metadata.version, engines: engineVersions, ...(soundBytes ? { soundBytes } : {}) });
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
      ...(settings === undefined ? {} : { settings, modified: digestOf([...((await fileTimes(training)) ?? [])]) }),
    }),
    async run({ signal, report }) {
      // Before the clips are looked at: one that changes meanwhile has another the next time.
      const stamps = await stampClips(dataset.clips);
      const found = await stillKnown(training, by, stamps);
      const journal = await Journal.open<JournalEntry>(join(artifacts, journalFile), by, ({ stamp, ...entry }) => {
        // What failed before is tried again: the disk may be back.
        if (entry.metadata !== null && stamp === stamps.get(entry.filename)) found.set(entry.filename, entry);
      });
      try {
        const rest = dataset.clips.filter((clip) => !found.has(clip.filename));
        await forEachConcurrently(rest, probesAtOnce, signal, async (clip) => {
          const entry = await ingestClip(clip, { signal, soundBytes });
          await journal.add({ ...entry, stamp: stamps.get(clip.filename) ?? '' });
          found.set(clip.filename, entry);
          report(found.size / dataset.clips.length, clip.filename);
        });
        // Which table a clip is in may have changed since it was looked at.
        const clips = dataset.clips.map(({ filename, split }) => ({
          ...(found.get(filename) as IngestedClip),
          split,
        }));
        await writeIngested(artifacts, clips);
        await writeFileAtomic(join(artifacts, foldsFile), `${canonicalJson(foldsOf(training, clips))}\n`);
        await writeClipTable(join(artifacts, clipTableFile), dataset, clips);
        const reference = await writeMetadataColumns(join(artifacts, metadataColumnsFile), training, clips);
        await writeFileAtomic(join(artifacts, metadataReferenceFile), `${canonicalJson(reference)}\n`);
        await writeStamps(artifacts, by, stamps);
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
    async verify() {
      const stamps = await stampClips(dataset.clips);
      const before = await readStamps(artifacts);
      const changed = dataset.clips.find(({ filename }) => before?.stamps.get(filename) !== stamps.get(filename));
      if (changed !== undefined) return `${changed.filename} has changed`;
      return await readableAgain(training);
    },
  };
}

/** What an interrupted run has found out, and of which file. */
type JournalEntry = IngestedClip & { readonly stamp: string };

/** What an earlier run found out of clips whose files are still as they were; what failed then is tried again. */
async function stillKnown(
  { artifacts }: Training,
  by: string,
  stamps: ReadonlyMap<string, string>,
): Promise<Map<string, IngestedClip>> {
  const before = await readStamps(artifacts);
  if (before?.by !== by) return new Map();
  const clips = await readIngested(artifacts).catch(() => []);
  return new Map(
    clips
      .filter(({ filename, metadata }) => metadata !== null && before.stamps.get(filename) === stamps.get(filename))
      .map((clip) => [clip.filename, clip]),
  );
}

/** Tries clips again that failed: a sentence where one of them can be read now, or fails of something else. */
async function readableAgain({ artifacts, dataset }: Training): Promise<string | undefined> {
  const failed = new Map(
    (await readIngested(artifacts)).filter(({ metadata }) => metadata === null).map((clip) => [clip.filename, clip]),
  );
  let changed: string | undefined;
  const again = dataset.clips.filter(({ filename, bytes }) => bytes !== null && failed.has(filename));
  const { signal } = new AbortController();
  await forEachConcurrently(again, probesAtOnce, signal, async (clip) => {
    if (changed !== undefined) return;
    const { fault } = await ingestClip(clip, { signal, soundBytes: false });
    if (fault !== failed.get(clip.filename)?.fault) changed = `${clip.filename} is not as it was`;
  });
  return changed;
}

async function ingestClip(
  clip: Clip,
  { signal, soundBytes }: { readonly signal: AbortSignal; readonly soundBytes: boolean },
): Promise<IngestedClip> {
  const base = { filename: clip.filename, split: clip.split };
  try {
    const metadata: ClipMetadata = await probeClip(clip.path, { signal, soundBytes });
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
