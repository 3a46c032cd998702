import type { ClipSightings, Profile, Tensor } from '@primatrix/contracts';
import type { Device } from '@primatrix/onnx';
import type { Frame } from '@primatrix/video';
import type { FamilyIdentity, JsonValue } from './family.ts';

/** Where a family's weights come from; shown wherever results that rest on them are shown. */
export interface WeightsProvenance {
  /** `none`: the family has no weights; `random`: untrained, drawn from a seed. */
  readonly source: 'none' | 'random' | 'imported';
  /** sha256 of the weights file; null where there is none. */
  readonly digest: string | null;
  /** One line for people, for example `UNTRAINED: drawn at random from seed 1`. */
  readonly note: string;
  /** What must be said wherever results that rest on them are shown, for example that a licence forbids commercial use. */
  readonly caution?: string;
}

/** Of families that need none. */
export const noWeights: WeightsProvenance = { source: 'none', digest: null, note: 'no weights' };

/** What features of a clip are: a tensor over time and, for some families, summary numbers. */
export interface ClipFeatures {
  /** [rows, ...{@link FeatureFamily.rowShape}]: a row a frame or sample that was looked at, never padded. */
  readonly tensor: Tensor;
  /** Columns for the second level; empty where the family has none. NaN is missing. */
  readonly row: Readonly<Record<string, number>>;
}

/** One clip on its way through an extractor: its sound is heard, frames are pushed in order, then it is finished once. */
export interface ClipExtraction {
  /** Whether the family looks at this frame: the caller skips the conversion of the others. */
  wants(index: number): boolean;
  /** The frame's buffers may be reused after the promise settles. */
  push(frame: Frame): Promise<void> | void;
  /**
   * Called once, first, where the extractor has `sound`: at least one mono sample, -32,768..32,767. The family must not
   * change them, as others hear the same.
   */
  listen?(samples: Int16Array): Promise<void> | void;
  finish(): Promise<ClipFeatures>;
}

/** An opened family: weights loaded, sessions ready. One at a time may work on a clip. */
export interface FeatureExtractor {
  readonly weights: WeightsProvenance;
  /** `luma` if grey frames suffice, `color` if it needs rgb, `none` if it needs no pictures. */
  readonly pixels: 'luma' | 'color' | 'none';
  /** Set if it needs sound. Clips that lack the pictures or the sound it needs are never started. */
  readonly sound?: {
    readonly sampleRate: number;
    /** A clip without sound is heard as one sample of 0, where it would otherwise not be started. */
    readonly orSilence?: boolean;
  };
  /** @param clip its name, how many frames it is thought to have, and frames a second; null if unknown */
  start(clip: { readonly name: string; readonly frames: number | null; readonly fps?: number | null }): ClipExtraction;
  dispose(): Promise<void>;
}

/** What a feature family is opened with. */
export interface FeatureContext {
  /** Folder with imported weights. */
  readonly weightsDir: string;
  /** Threads of the numeric engine; 0 for all cores. */
  readonly threads: number;
  readonly device: Device;
}

/** What is known of a family that is a model in files. */
export interface FamilyInFiles {
  /** Equal for models that can stand in for each other: what they answer has the same shape and the same meaning. */
  readonly answers: string;
  /**
   * Writes all of its files below a folder, for a bundle to take along.
   * @returns their paths below the folder
   */
  copyTo(folder: string): Promise<readonly string[]>;
}

/** Features that are made of those of other families instead of the clip: vectors without what the site looks like anyway. */
export interface BackgroundTakenOff {
  /** Family whose vectors, [rows, width], are taken: rows are evenly spread over the clip. */
  readonly of: string;
  /** Family that tells `motion`; undefined: nothing is known of it. */
  readonly motion?: string | undefined;
  /** Families that tell `boxes`. */
  readonly boxes: readonly string[];
}

/** A family that turns the frames or the sound of a clip into a tensor: its features, which are called as it is. */
export interface FeatureFamily extends FamilyIdentity {
  readonly kind: 'features';
  readonly settings: Readonly<Record<Profile, JsonValue>>;
  /** Profiles in which its rows alone are worth making: it takes part even where no net reads its tensors. Default: none. */
  readonly rowsAlone?: readonly Profile[];
  /** Of a family with more columns, those that vary most over the labelled clips go to the second level, at most so many. */
  readonly columnsAtMost?: number;
  /**
   * Shape of one row of the tensors that it makes with these settings, without the leading axis (frames, or samples of
   * sound): `[512]` features of a frame, `[64, 64, 3]` height and width in pixels and channels, `[1]` sample. Known without
   * opening the family and without its weights, so that nets can be built before there are features.
   * @throws UsageError where `settings` are not this family's
   */
  rowShape(settings: JsonValue): readonly number[];
  /** Set where the rows are of frames that were chosen, or of parts of them, and not evenly spread over a clip. */
  readonly rowsChosen?: true;
  /** Most rows that a tensor has with these settings, where the family has a limit. */
  mostRows?(settings: JsonValue): number;
  /** Identifies the weights that `open` would use, without loading them: part of the cache key. */
  weightsDigest(context: FeatureContext): Promise<string | null>;
  /** Paths of the files in `weightsDir` that `open` would read, for a bundle to take along; absent where there never are any. */
  weightsFiles?(context: FeatureContext): Promise<readonly string[]>;
  /** Of a family that finds people in pictures: what it saw of a clip, by the tensor that it made with these settings. */
  sightings?(tensor: Tensor, settings: JsonValue): ClipSightings;
  /** Set where its rows are results of another program, which whoever predicts has to bring for the clips that are predicted. */
  readonly ofResults?: true;
  /** Set where it is a model in files and no code. */
  readonly model?: FamilyInFiles;
  /**
   * What its tensors tell of a clip whoever made them. `motion`: [frames, bits], a hash of every frame, of which more bits differ the
   * more a picture has changed. `boxes`: [looks, boxes, values], a box is frame, left, top, right, bottom, score and class.
   */
  readonly tells?: 'motion' | 'boxes';
  /** Set where its tensors are another family's without the site's background. Nobody opens it. */
  readonly background?: BackgroundTakenOff;
  /** @throws SettingsError where `settings` are not this family's */
  open(settings: JsonValue, context: FeatureContext): Promise<FeatureExtractor>;
}
