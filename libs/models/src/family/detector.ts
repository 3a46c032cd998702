import type { Picture } from '@primatrix/backbones';
import type { ClipExtraction, ClipFeatures } from '@primatrix/families';
import type { Frame } from '@primatrix/video';
import { decodeBoxes, type DecodeSettings } from '../detection/decode-boxes.ts';
import { onFrame, type Detection } from '../detection/detection.ts';
import { detectionColumns } from '../detection/detection-columns.ts';
import { planLooks, type LookPlan } from '../detection/look-plan.ts';
import { linkTracks, type Track } from '../detection/track.ts';
import type { DetectorFolder } from '../folder/model-folder.ts';
import type { OpenModel } from '../runtime/open-model.ts';
import { cropOf } from '../picture/crop.ts';

/** What a detector is run with. */
export interface DetectorSettings extends DecodeSettings, LookPlan {}

/** The settings that a detector's card asks for: one look a second, 60 at most. */
export function detectorSettings({ card: { defaults } }: DetectorFolder): DetectorSettings {
  return { every: 1, looks: 60, score: defaults?.score ?? 0.1, iou: defaults?.iou ?? 0.45 };
}

/** What a detector saw of a clip. */
export interface SeenClip {
  /** Indices of the frames that were looked at. */
  readonly looks: readonly number[];
  readonly detections: readonly Detection[];
  readonly tracks: readonly Track[];
  /** Frames a second; null where unknown. */
  readonly fps: number | null;
}

/** Says what a crop shows: probabilities by the classifier's labels. */
export type CropClassifier = (crop: Picture) => Promise<Float32Array>;

/** Boxes below are too doubtful to be worth a look at their crop. */
const worthACrop = 0.2;

async function classified(
  box: Detection,
  picture: Picture,
  classify: CropClassifier,
  labels: DetectorFolder['labels'],
): Promise<Detection> {
  if (box.score < worthACrop || labels[box.label]?.group !== 'animal') return box;
  return { ...box, classes: await classify(cropOf(picture, box)) };
}

/** What a detector finds on one frame. */
export async function detectOn(
  model: OpenModel,
  { card, labels }: DetectorFolder,
  settings: DecodeSettings,
  picture: Picture,
  frame: number,
): Promise<Detection[]> {
  const { outputs, placements } = await model.run([picture]);
  const boxes = decodeBoxes(outputs, card, labels.length, settings);
  const [placement] = placements;
  return placement === undefined ? [] : onFrame(boxes, placement, frame);
}

/** One clip on its way through a detector, and what it finds through a classifier. */
export class DetectorPass implements ClipExtraction {
  readonly #model: OpenModel;
  readonly #folder: DetectorFolder;
  readonly #settings: DetectorSettings;
  readonly #fps: number | null;
  readonly #classify: CropClassifier | undefined;
  readonly #wants: (index: number) => boolean;
  readonly #looks: number[] = [];
  readonly #detections: Detection[] = [];
  #seen: SeenClip | undefined;

  constructor(
    model: OpenModel,
    folder: DetectorFolder,
    settings: DetectorSettings,
    clip: { readonly frames: number | null; readonly fps?: number | null },
    classify?: CropClassifier,
  ) {
    this.#model = model;
    this.#folder = folder;
    this.#settings = settings;
    this.#classify = classify;
    this.#fps = clip.fps ?? null;
    this.#wants = planLooks(settings, { frames: clip.frames, fps: this.#fps });
  }

  wants(index: number): boolean {
    return this.#wants(index);
  }

  async push(frame: Frame): Promise<void> {
    const { index, width, height } = frame;
    const picture = { width, height, data: frame.rgb() };
    const found = await detectOn(this.#model, this.#folder, this.#settings, picture, index);
    this.#looks.push(index);
    const classify = this.#classify;
    if (classify === undefined) this.#detections.push(...found);
    else for (const box of found) this.#detections.push(await classified(box, picture, classify, this.#folder.labels));
  }

  /** What was seen, once all frames were pushed. */
  seen(): SeenClip {
    return (this.#seen ??= {
      looks: this.#looks,
      detections: this.#detections,
      tracks: linkTracks(this.#detections, this.#looks, this.#settings.iou),
      fps: this.#fps,
    });
  }

  /** The tensor [looks, 50, 7], and the columns of {@link detectionColumns}. */
  async finish(): Promise<ClipFeatures> {
    return detectionFeatures(this.seen(), this.#folder);
  }
}

/** Boxes that a row of the tensor holds; a herd has more, and its surest are kept. */
export const boxesALook = 50;
/** Frame, left, top, right, bottom (shares of the picture), score, class. */
export const valuesABox = 7;

/** [looks, 50, 7]: the boxes of each look by falling score; where there are fewer, score 0 and class -1. */
function detectionFeatures({ looks, detections, tracks, fps }: SeenClip, { labels }: DetectorFolder): ClipFeatures {
  const data = new Float32Array(looks.length * boxesALook * valuesABox);
  looks.forEach((frame, look) => {
    const boxes = detections.filter((box) => box.frame === frame).slice(0, boxesALook);
    for (let i = 0; i < boxesALook; i++) {
      const box = boxes[i];
      const values =
        box === undefined
          ? [frame, 0, 0, 0, 0, 0, -1]
          : [frame, box.left, box.top, box.right, box.bottom, box.score, box.label];
      data.set(values, (look * boxesALook + i) * valuesABox);
    }
  });
  return {
    tensor: { dtype: 'float32', shape: [looks.length, boxesALook, valuesABox], data },
    row: detectionColumns(tracks, looks, labels, fps),
  };
}
