import { parseSettings, type Profile } from '@primatrix/contracts';
import type { FeatureExtractor, FeatureFamily, JsonValue } from '@primatrix/families';
import { z } from 'zod';
import type { DetectorFolder, ModelFolder } from '../folder/model-folder.ts';
import { licenceCaution, modelAnswers, modelDigest } from '../folder/model-identity.ts';
import { defaultModelLimits } from '../runtime/model-process.ts';
import { openModel, type OpenModel } from '../runtime/open-model.ts';
import { boxesALook, DetectorPass, detectorSettings, valuesABox } from './detector.ts';
import { picturePass, type RowReader } from './picture-pass.ts';
import { asNewModel, writeModel } from '../store/new-model.ts';
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
  readonly settings: Readonly<Record<Profile, JsonValue>>;
  rowShape(settings: JsonValue): readonly number[];
  mostRows(settings: JsonValue): number;
  start(model: OpenModel, settings: JsonValue): FeatureExtractor['start'];
}

/** Columns of a model that go to the second level: those of the 40 classes whose three vary most. */
const columnsAtMost = 120;

/**
 * A model folder as a feature family, called as the model is: nets read its tensors by that name, and its rows go to the second level.
 * Detectors give [looks, 50, 7] (a box is frame, left, top, right, bottom, score, class), encoders [frames, width], classifiers [frames, classes].
 * The model runs in a process of its own; its device is the CPU.
 */
export function modelFamily(folder: ModelFolder): FeatureFamily {
  const { card } = folder;
  const kind = kindOf(folder);
  const caution = licenceCaution(folder);
  return {
    kind: 'features',
    name: card.name,
    version: card.version,
    summary: card.summary,
    settings: kind.settings,
    // What it says of its own classes are columns; vectors are worth something to a net alone.
    ...('labels' in card ? { rowsAlone: true, columnsAtMost } : {}),
    rowShape: (settings) => kind.rowShape(settings),
    mostRows: (settings) => kind.mostRows(settings),
    weightsDigest: async () => modelDigest(folder),
    model: { answers: modelAnswers(folder), copyTo: (place) => writeModel(place, asNewModel(folder)) },
    async open(settings, { threads }) {
      const start = (model: OpenModel) => kind.start(model, settings);
      kind.rowShape(settings);
      const model = await openModel(folder, { ...defaultModelLimits, threads });
      return {
        weights: {
          source: 'imported',
          digest: card.sha256,
          note: `${card.name} ${card.version}, licence ${card.licence}`,
          ...(caution === undefined ? {} : { caution }),
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
    settings: same({ every, looks, score, iou }),
    rowShape(settings) {
      parse(settings);
      return [boxesALook, valuesABox];
    },
    mostRows: (settings) => parse(settings).looks,
    start(model, settings) {
      const parsed = parse(settings);
      return (clip) => new DetectorPass(model, folder, parsed, clip);
    },
  };
}

/** A frame in ten, and 30 at most. */
const usualSampling = { every: 10, maxFrames: 30 };

/** Settings that are the same in every profile. */
function same(settings: JsonValue): Kind['settings'] {
  return { laptop: settings, competition: settings };
}

function pictureKind(name: string, reader: RowReader): Kind {
  const parse = (settings: JsonValue) =>
    parseSettings(settings, pictureSchema, { name, example: '{ "every": 10, "maxFrames": 30 }' });
  return {
    settings: same(usualSampling),
    rowShape(settings) {
      parse(settings);
      return [reader.width];
    },
    mostRows: (settings) => parse(settings).maxFrames,
    start(model, settings) {
      const sampling = parse(settings);
      return ({ frames }) => picturePass(model, reader, sampling, frames);
    },
  };
}
