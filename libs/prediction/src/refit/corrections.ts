import type { FirstLevelRecord } from '../first-level/first-level-record.ts';
import type { NeighbourClip } from '../first-level/first-level-records.ts';

/** A clip that a person has looked at, with what the first level said of it. */
export interface ReviewedClip {
  readonly record: FirstLevelRecord;
  /** [classes], 0 or 1, at least one of them 1. */
  readonly labels: Uint8Array;
}

/** Clips that were predicted together: they stand before and after each other, as they did when they were predicted. */
export interface ReviewedSource {
  /** All of them, reviewed or not, each name once. */
  readonly clips: readonly NeighbourClip[];
  /** Some of them; records of clips that could not be read are passed over. */
  readonly reviewed: readonly ReviewedClip[];
}

/** What people said, for a re-fit. */
export interface Corrections {
  /** Clips outside the training's dataset; one that is a clip of the dataset by its content corrects that clip. */
  readonly sources: readonly ReviewedSource[];
  /** [classes] by name: labels of clips of the training's dataset, train, test or other ones. */
  readonly ofDataset: ReadonlyMap<string, Uint8Array>;
}
