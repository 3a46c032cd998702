import { lookingFacts, type ModelFolder } from '@primatrix/models';
import { firstLevelDigest, modelsDigest, type BundleManifest } from '@primatrix/prediction';
import type { FamilyProgress } from '@primatrix/review-api';
import { familiesOf } from './family-costs.ts';

/** A bundle that was read, and where it lies. */
export interface OpenBundle {
  readonly folder: string;
  readonly manifest: BundleManifest;
  readonly digest: string;
}

/** What the predicting process opens: a bundle of a training, or models that are files; folders. */
export type SourcePlace =
  | { readonly bundle: string }
  | {
      readonly models: readonly string[];
      /** Frames of a clip that a detector looks at, at most; absent: as many as usual. */
      readonly looks?: number;
    };

/** What predicts the clips of a project. */
export interface Source {
  readonly place: SourcePlace;
  /** Predictions of another digest are not comparable, and are kept apart. */
  readonly digest: string;
  /** Names the records of its first level, which sources may share. */
  readonly recordsDigest: string;
  readonly classes: readonly string[];
  /** Members whose predictions are compared. */
  readonly nets: readonly string[];
  /** In the order of their work. */
  readonly families: readonly Pick<FamilyProgress, 'family' | 'part'>[];
  /** Whether its second level was fitted again. */
  readonly refitted: boolean;
  /** Whether its probabilities were measured on clips like these: of so many with 90 %, one in ten is wrong. */
  readonly calibrated: boolean;
}

/** A bundle as what predicts. */
export function bundleSource({ folder, manifest, digest }: OpenBundle): Source {
  return {
    place: { bundle: folder },
    digest,
    recordsDigest: firstLevelDigest({ manifest, digest }),
    classes: manifest.classes,
    nets: manifest.nets.map(({ family }) => family),
    families: familiesOf(manifest),
    refitted: manifest.refit !== undefined,
    calibrated: true,
  };
}

/**
 * Models as what predicts.
 * @param looks frames of a clip that a detector looks at, at most; absent: as many as usual
 * @throws ModelError MODEL_TOGETHER where they do not go together
 */
export function modelsSource(folders: readonly ModelFolder[], looks?: number): Source {
  const { classes, key } = lookingFacts(folders, looks);
  const digest = modelsDigest(key);
  return {
    place: { models: folders.map(({ folder }) => folder), ...(looks === undefined ? {} : { looks }) },
    digest,
    recordsDigest: digest,
    classes,
    nets: [],
    families: [],
    refitted: false,
    calibrated: false,
  };
}
