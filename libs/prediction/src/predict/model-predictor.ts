import type { ClipOutcome, ClipSightings } from '@primatrix/contracts';
import type { FeatureExtractor } from '@primatrix/families';
import { digestOf } from '@primatrix/files';
import { shownGroups, type ClipListening, type LookingModels, type SeenClip } from '@primatrix/models';
import { extractFile } from '../extraction/extract-file.ts';
import { firstLevelRecord, type FirstLevelRecord } from '../first-level/first-level-record.ts';
import type { FirstLevelRecords } from '../first-level/first-level-records.ts';
import type { InputFile } from '../inputs/list-inputs.ts';
import type { ClipPrediction } from './clip-prediction.ts';
import type { ClipPredictor } from './predict-files.ts';

/** Identifies what models say: predictions of different digests are not comparable. @param key of the models */
export function modelsDigest(key: LookingModels['key']): string {
  return digestOf({ schema: 1, models: key });
}

/** Under this name records hold what the models make of a clip. */
const asNet = 'models';
/** And under this one what is heard beside that is listened to. */
const asSound = 'sounds';

/**
 * Predicts without a bundle and without any training: a detector tells blank, animal, person and vehicle with their times in the clip;
 * a classifier names what is in the detector's boxes, or on whole frames where there is no detector; a classifier of sound what is heard,
 * which beside what is seen is told with its times and changes no probability.
 *
 * Probabilities are the models' own scores, not calibrated: of a group its highest score in the clip; of a blank clip 1 less the highest
 * of all groups; of a classifier's class the highest product of an animal track's score and the class's mean over the track's crops, or its
 * mean over whole frames; of a sound its highest score in the clip.
 */
export class ModelPredictor implements ClipPredictor {
  readonly digest: string;
  readonly manifest: ClipPredictor['manifest'];
  readonly warnings: readonly string[];
  /** Names, versions and licences of the models. */
  readonly names: readonly string[];
  readonly #models: LookingModels;

  constructor(models: LookingModels) {
    this.#models = models;
    this.digest = modelsDigest(models.key);
    this.manifest = { classes: [...models.classes], neighbours: { nets: [] } };
    this.warnings = models.warnings;
    this.names = models.names;
  }

  async firstLevel(file: InputFile, signal: AbortSignal): Promise<FirstLevelRecord> {
    const look = this.#models.look();
    const beside = this.#models.listen();
    const extractors = new Map([[asNet, this.#extractor(look)]]);
    if (beside !== undefined) extractors.set(asSound, this.#extractor(beside));
    const { outcome: looked, metadata, modifiedAt, features, backdrop } = await extractFile(file, extractors, signal);
    // What was only heard is no answer to what is to be seen.
    const outcome: ClipOutcome =
      looked.status === 'failed' || features.has(asNet)
        ? looked
        : { ...looked, status: 'failed', fault: 'no-video', reason: 'pictures are needed, and the file has none' };
    const heard = beside?.heard;
    const besides = heard === undefined ? {} : { heard };
    if (outcome.status === 'failed') {
      return { ...firstLevelRecord(file, { outcome, metadata, modifiedAt }), ...besides };
    }
    const own = new Map([...features].filter(([name]) => name === asNet));
    const nets = new Map([[asNet, Float64Array.from(look.probabilities())]]);
    const { seen } = look;
    return {
      ...firstLevelRecord(file, { outcome, metadata, modifiedAt, features: own, nets, backdrop }),
      ...(seen === undefined ? {} : { seen: sightingsOf(seen, this.#models) }),
      ...besides,
    };
  }

  #extractor({ pixels, sound, start }: Pick<ClipListening, 'pixels' | 'sound' | 'start'>): FeatureExtractor {
    return {
      weights: { source: 'imported', digest: this.digest, note: '' },
      pixels,
      ...(sound === undefined ? {} : { sound }),
      start,
      dispose: async () => undefined,
    };
  }

  async secondLevel({ clips, read }: FirstLevelRecords): Promise<ClipPrediction[]> {
    const records = await read(0, clips.length);
    return records.map(({ filename, metadata, outcome, nets, padded, seen, heard }) => ({
      filename,
      sha256: metadata?.sha256 ?? null,
      outcome,
      probabilities: nets[asNet] ?? null,
      members: {},
      padded,
      ...(seen === undefined ? {} : { seen }),
      ...(heard === undefined ? {} : { heard }),
    }));
  }

  async dispose(): Promise<void> {
    this.#models.dispose();
  }
}

function sightingsOf({ looks, tracks, fps }: SeenClip, models: LookingModels): ClipSightings {
  const places = (share: number) => Math.round(share * 1e5) / 1e5;
  const secondOf = (frame: number) => (fps === null ? null : Math.round((frame / fps) * 1000) / 1000);
  return {
    model: models.detector,
    looks: [...looks],
    sightings: tracks.flatMap((track) => {
      const { group, name } = models.describe(track);
      const shown = shownGroups.find((known) => known === group);
      const [first, last] = [track.boxes[0], track.boxes.at(-1)];
      // What is neither animal, person nor vehicle is no record of anything.
      if (shown === undefined || first === undefined || last === undefined) return [];
      return [
        {
          group: shown,
          name,
          score: places(Math.max(...track.boxes.map(({ score }) => score))),
          from: secondOf(first.frame),
          to: secondOf(last.frame),
          boxes: track.boxes.map(({ frame, left, top, right, bottom, score }) => ({
            frame,
            box: [places(left), places(top), places(right - left), places(bottom - top)] as [
              number,
              number,
              number,
              number,
            ],
            score: places(score),
          })),
        },
      ];
    }),
  };
}
