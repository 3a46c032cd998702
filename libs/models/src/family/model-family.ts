import { parseSettings, profiles, type Profile, type Tensor } from '@primatrix/contracts';
import type { FeatureExtractor, FeatureFamily, JsonValue } from '@primatrix/families';
import { z } from 'zod';
import type { DetectorFolder, ModelFolder, PictureFolder, SoundFolder } from '../folder/model-folder.ts';
import { licenceCaution, modelAnswers, modelDigest } from '../folder/model-identity.ts';
import { defaultModelLimits, type ModelLimits } from '../runtime/model-process.ts';
import { openModel, type OpenModel } from '../runtime/open-model.ts';
import { openSoundModel } from '../runtime/open-sound-model.ts';
import { hearingPlan } from '../sound/sound-windows.ts';
import { boxesALook, DetectorPass, detectorSettings, valuesABox } from './detector.ts';
import { asNewModel, writeModel } from '../store/new-model.ts';
import { picturePass } from './picture-pass.ts';
import { classReader, embeddingReader, type RowReader } from './row-readers.ts';
import { soundPass } from './sound-pass.ts';
import { sightingsOfTensor } from './tensor-sightings.ts';

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

const soundSchema = z.strictObject({
  /** Seconds from one look to the next, and how many a clip has at most, evenly spread. */
  every: z.number().positive(),
  looks: z.int().min(1).max(10_000),
});

/** How a family of one kind of model is opened, and what its rows are. */
interface Kind {
  readonly settings: Readonly<Record<Profile, JsonValue>>;
  rowShape(settings: JsonValue): readonly number[];
  mostRows(settings: JsonValue): number;
  /** Absent where it finds no people. */
  sightings?: FeatureFamily['sightings'];
  open(settings: JsonValue, limits: ModelLimits): Promise<Omit<FeatureExtractor, 'weights'>>;
}

/** Columns of a model that go to the second level: those of the 40 classes whose three vary most. */
const columnsAtMost = 120;

/**
 * A model folder as a feature family, called as the model is: nets read its tensors by that name, and its rows go to the second level.
 * Detectors give [looks, 50, 7] (a box is frame, left, top, right, bottom, score, class), encoders [looks, width], classifiers [looks, classes];
 * a look is a frame, or a window of sound.
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
    ...('labels' in card ? { rowsAlone: profiles, columnsAtMost } : {}),
    ...(card.kind === 'detector' ? { tells: 'boxes' as const } : {}),
    rowShape: (settings) => kind.rowShape(settings),
    mostRows: (settings) => kind.mostRows(settings),
    ...(kind.sightings === undefined ? {} : { sightings: kind.sightings }),
    weightsDigest: async () => modelDigest(folder),
    model: { answers: modelAnswers(folder), copyTo: (place) => writeModel(place, asNewModel(folder)) },
    async open(settings, { threads }) {
      kind.rowShape(settings);
      return {
        ...(await kind.open(settings, { ...defaultModelLimits, threads })),
        weights: {
          source: 'imported',
          digest: card.sha256,
          note: `${card.name} ${card.version}, licence ${card.licence}`,
          ...(caution === undefined ? {} : { caution }),
        },
      };
    },
  };
}

function kindOf(folder: ModelFolder): Kind {
  const { card } = folder;
  if (card.kind === 'detector') return detectorKind({ ...folder, card });
  if (card.kind === 'image-encoder') return pictureKind({ ...folder, card }, embeddingReader(card));
  if (card.kind === 'image-classifier') return pictureKind({ ...folder, card }, classReader(card, folder.labels));
  const reader = card.kind === 'sound-encoder' ? embeddingReader(card) : classReader(card, folder.labels);
  return soundKind({ ...folder, card }, reader);
}

/** A model of pictures, opened. */
async function looking(
  folder: PictureFolder,
  limits: ModelLimits,
  start: (model: OpenModel) => FeatureExtractor['start'],
): Promise<Omit<FeatureExtractor, 'weights'>> {
  const model = await openModel(folder, limits);
  return { pixels: 'color', start: start(model), dispose: async () => model.dispose() };
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
    ...(folder.labels.some(({ group }) => group === 'person')
      ? { sightings: (tensor: Tensor, settings: JsonValue) => sightingsOfTensor(tensor, folder, parse(settings).iou) }
      : {}),
    async open(settings, limits) {
      const parsed = parse(settings);
      return looking(folder, limits, (model) => (clip) => new DetectorPass(model, folder, parsed, clip));
    },
  };
}

/** A frame in ten, and 30 at most. */
const usualSampling = { every: 10, maxFrames: 30 };

/** Settings that are the same in every profile. */
function same(settings: JsonValue): Kind['settings'] {
  return { laptop: settings, competition: settings };
}

function pictureKind(folder: PictureFolder, reader: RowReader): Kind {
  const parse = (settings: JsonValue) =>
    parseSettings(settings, pictureSchema, { name: folder.card.name, example: '{ "every": 10, "maxFrames": 30 }' });
  return {
    settings: same(usualSampling),
    rowShape(settings) {
      parse(settings);
      return [reader.width];
    },
    mostRows: (settings) => parse(settings).maxFrames,
    async open(settings, limits) {
      const sampling = parse(settings);
      return looking(
        folder,
        limits,
        (model) =>
          ({ frames }) =>
            picturePass(model, reader, sampling, frames),
      );
    },
  };
}

function soundKind(folder: SoundFolder, reader: RowReader): Kind {
  const { name, input } = folder.card;
  const parse = (settings: JsonValue) =>
    parseSettings(settings, soundSchema, { name, example: '{ "every": 10, "looks": 360 }' });
  return {
    settings: same({ ...hearingPlan(input) }),
    rowShape(settings) {
      parse(settings);
      return [reader.width];
    },
    mostRows: (settings) => parse(settings).looks,
    async open(settings, limits) {
      const plan = parse(settings);
      const model = await openSoundModel(folder, limits);
      return {
        pixels: 'none',
        sound: { sampleRate: input.rate },
        start: () => soundPass(model, reader, input, plan),
        dispose: async () => model.dispose(),
      };
    },
  };
}
