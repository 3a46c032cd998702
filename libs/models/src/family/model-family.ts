import { parseSettings } from '@primatrix/contracts';
import type { FeatureExtractor, FeatureFamily, JsonValue } from '@primatrix/families';
import { z } from 'zod';
import type { DetectorFolder, ModelFolder } from '../folder/model-folder.ts';
import { defaultModelLimits } from '../runtime/model-process.ts';
import { openModel, type OpenModel } from '../runtime/open-model.ts';
import { boxesALook, DetectorPass, detectorSettings, valuesABox } from './detector.ts';
import { picturePass, type RowReader } from './picture-pass.ts';
import { classReader, embeddingReader } from './row-readers.ts';

const detectorSchema = z.strictObject({
  /** Seconds between two looks, and how many a clip has at most. */
  every: z.number().positive(),
  looks: z.int().min(1).max(10_000),
  /** Boxes of a lower score are left out. */
  score: z.number().min(0).max(1),
  /** Of boxes of a class that overlap by more, the surest stays. */
  iou: z.number().min(0).max(1),
});
const pictureSchema = z.strictObject({
  /** Every how many frames one is looked at, and how many of a clip at most, evenly spread. */
  every: z.int().min(1),
  maxFrames: z.int().min(1).max(10_000),
});

/** How a family of one kind of model is opened, and what its rows are. */
interface Kind {
  readonly settings: JsonValue;
  rowShape(settings: JsonValue): readonly number[];
  start(model: OpenModel, settings: JsonValue): FeatureExtractor['start'];
}

/**
 * A model folder as a feature family, called as the model is: nets read its tensors by that name, and its rows go to the second level.
 * Detectors give [looks, 50, 7] (a box is frame, left, top, right, bottom, score, class), encoders [frames, width], classifiers [frames, classes].
 * The model runs in a process of its own; its device is the CPU.
 */
export function modelFamily(folder: ModelFolder): FeatureFamily {
  const { card, file } = folder;
  const kind = kindOf(folder);
  return {
    kind: 'features',
    name: card.name,
    version: card.version,
    summary: card.summary,
    settings: { laptop: kind.settings, competition: kind.settings },
    rowShape: (settings) => kind.rowShape(settings),
    weightsDigest: async () => card.sha256,
    weightsFiles: async () => [file],
    async open(settings, { threads }) {
      const start = (model: OpenModel) => kind.start(model, settings);
      kind.rowShape(settings);
      const model = await openModel(folder, { ...defaultModelLimits, threads });
      return {
        weights: {
          source: 'imported',
          digest: card.sha256,
          note: `${card.name} ${card.version}, licence ${card.licence}`,
        },
        pixels: 'color',
        start: start(model),
        dispose: async () => model.dispose(),
      };
    },
  };
}

function kindOf(folder: ModelFolder): Kind {
  const { card } = folder;
  if (card.kind === 'detector') return detectorKind({ ...folder, card });
  const reader = card.kind === 'image-encoder' ? embeddingReader(card) : classReader(card, folder.labels);
  return pictureKind(card.name, reader);
}

function detectorKind(folder: DetectorFolder): Kind {
  const { every, looks, score, iou } = detectorSettings(folder);
  const parse = (settings: JsonValue) =>
    parseSettings(settings, detectorSchema, {
      name: folder.card.name,
      example: '{ "every": 1, "looks": 60, "score": 0.1, "iou": 0.45 }',
    });
  return {
    settings: { every, looks, score, iou },
    rowShape(settings) {
      parse(settings);
      return [boxesALook, valuesABox];
    },
    start(model, settings) {
      const parsed = parse(settings);
      return (clip) => new DetectorPass(model, folder, parsed, clip);
    },
  };
}

/** A frame in ten, and 30 at most: as the backbones look at clips on a laptop. */
const usualSampling = { every: 10, maxFrames: 30 };

function pictureKind(name: string, reader: RowReader): Kind {
  const parse = (settings: JsonValue) =>
    parseSettings(settings, pictureSchema, { name, example: '{ "every": 10, "maxFrames": 30 }' });
  return {
    settings: usualSampling,
    rowShape(settings) {
      parse(settings);
      return [reader.width];
    },
    start(model, settings) {
      const sampling = parse(settings);
      return ({ frames }) => picturePass(model, reader, sampling, frames);
    },
  };
}
