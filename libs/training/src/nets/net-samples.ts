import { join } from 'node:path';
import type { NetFamily } from '@primatrix/families';
import type { Sample } from '@primatrix/nets';
import { readFeatureIndex } from '../features/feature-index.ts';
import { readFolds } from '../ingest/ingest.ts';
import type { Training } from '../plan/training.ts';

/** A clip as a net sees it. */
export interface NetSample extends Sample {
  /** The clip's file name in the dataset. */
  readonly id: string;
  /** Of the tensor: frames, and what a frame has. */
  readonly shape: readonly number[];
}

export interface LabelledSample extends NetSample {
  readonly labels: Uint8Array;
  /** Number of the fold, from 1, in which this clip is for validation. */
  readonly fold: number;
}

/** The clips of a dataset that have the features a net reads, by what they are for. */
export interface NetSamples {
  readonly labelled: readonly LabelledSample[];
  readonly test: readonly NetSample[];
  readonly other: readonly NetSample[];
}

/** Collects a net's samples; clips that could not be decoded are left out. */
export async function netSamples(training: Training, net: NetFamily): Promise<NetSamples> {
  const { artifacts, dataset, profile } = training;
  const index = await readFeatureIndex(artifacts, net.settings[profile].feature);
  const folds = await readFolds(artifacts);
  const foldOf = new Map(folds.flatMap((names, i) => names.map((name) => [name, i + 1] as const)));
  const clips = new Map(dataset.clips.map((clip) => [clip.filename, clip]));
  const labelled: LabelledSample[] = [];
  const test: NetSample[] = [];
  const other: NetSample[] = [];
  for (const entry of index.clips) {
    if (entry.file === null || entry.shape === null) continue;
    const sample = { id: entry.filename, tensor: join(artifacts, entry.file), shape: entry.shape };
    const clip = clips.get(entry.filename);
    const fold = foldOf.get(entry.filename);
    if (clip?.labels !== undefined && fold !== undefined) labelled.push({ ...sample, labels: clip.labels, fold });
    else if (clip?.split === 'test') test.push(sample);
    else if (clip?.split === 'other') other.push(sample);
  }
  return { labelled, test, other };
}

/** Shape of a net's input: its crop, and the axes of the samples that the crop leaves whole. */
export function netInput(crop: readonly number[], samples: readonly NetSample[]): number[] {
  return [...crop, ...(samples[0]?.shape ?? []).slice(crop.length)];
}
