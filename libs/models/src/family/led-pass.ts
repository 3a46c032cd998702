import type { Picture } from '@primatrix/backbones';
import type { ClipExtraction } from '@primatrix/families';
import { BestFrames } from '../detection/best-frames.ts';
import { shownGroups } from '../detection/detection-columns.ts';
import type { Detection } from '../detection/detection.ts';
import { planLooks } from '../detection/look-plan.ts';
import type { DetectorFolder } from '../folder/model-folder.ts';
import { cropOf } from '../picture/crop.ts';
import type { OpenModel } from '../runtime/open-model.ts';
import { detectOn, type DetectorSettings } from './detector.ts';
import { rowFeatures, type RowReader } from './row-readers.ts';

/** How a detector leads an encoder. */
export interface LedSettings extends DetectorSettings {
  /** Frames that the encoder looks at, at most: those of the surest boxes. */
  readonly frames: number;
  /** Whether it also looks at what is in the surest box of each. */
  readonly crops: boolean;
}

/** An encoder and the detector that leads it, opened. */
export interface LedModels {
  readonly detector: { readonly model: OpenModel; readonly folder: DetectorFolder };
  readonly encoder: { readonly model: OpenModel; readonly reader: RowReader };
}

/** Of a frame, what the encoder will look at: the frame, then the crop. */
type Views = readonly Picture[];

/**
 * Lets a detector look at a clip, and an encoder where it saw most: a row a frame, followed by one of what is in its surest box. Where
 * nothing was seen, the frames are evenly spread.
 */
export function ledPass(
  { detector, encoder }: LedModels,
  settings: LedSettings,
  clip: { readonly frames: number | null; readonly fps?: number | null },
): ClipExtraction {
  const wants = planLooks(settings, { frames: clip.frames, fps: clip.fps ?? null });
  const best = new BestFrames<Views>(settings.frames);
  return {
    wants,
    async push(frame) {
      const picture = { width: frame.width, height: frame.height, data: frame.rgb() };
      const boxes = await detectOn(detector.model, detector.folder, settings, picture, frame.index);
      const surest = surestOf(boxes, detector.folder);
      best.add(frame.index, surest?.score ?? 0, () => {
        // The frame's bytes may be another one's once this returns.
        const whole = { ...picture, data: picture.data.slice() };
        return surest === undefined || !settings.crops ? [whole] : [whole, cropOf(picture, surest)];
      });
    },
    async finish() {
      const views = best.chosen().flatMap(({ value }) => value);
      const rows: Float32Array[] = [];
      for (let first = 0; first < views.length; first += encoder.model.batch) {
        const some = views.slice(first, first + encoder.model.batch);
        rows.push(...encoder.reader.read((await encoder.model.run(some)).outputs, some.length));
      }
      return rowFeatures(rows, encoder.reader);
    },
  };
}

/** The surest box of an animal, a person or a vehicle; undefined where there is none. */
function surestOf(boxes: readonly Detection[], { labels }: DetectorFolder): Detection | undefined {
  const shown = boxes.filter(({ label }) => shownGroups.some((group) => group === labels[label]?.group));
  return shown.toSorted((a, b) => b.score - a.score)[0];
}
