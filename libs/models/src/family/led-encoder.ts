import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSettings } from '@primatrix/contracts';
import type { FeatureFamily, JsonValue } from '@primatrix/families';
import { digestOf } from '@primatrix/files';
import { z } from 'zod';
import type { CardOf } from '../folder/model-card.ts';
import { cardName, readModelFolder, type DetectorFolder, type ModelFolder } from '../folder/model-folder.ts';
import { licenceCaution, modelAnswers, modelDigest, modelName } from '../folder/model-identity.ts';
import { ModelError } from '../model-error.ts';
import { defaultModelLimits } from '../runtime/model-process.ts';
import { openModel } from '../runtime/open-model.ts';
import { asNewModel, writeModel } from '../store/new-model.ts';
import { detectorSettings } from './detector.ts';
import { ledPass } from './led-pass.ts';
import { modelFamily } from './model-family.ts';
import { embeddingReader } from './row-readers.ts';

const ledSchema = z.strictObject({
  /** Seconds between two looks of the detector, and how many a clip has at most. */
  every: z.number().positive(),
  looks: z.int().min(1).max(10_000),
  /** Boxes of a lower score lead nowhere. */
  score: z.number().min(0).max(1),
  iou: z.number().min(0).max(1),
  frames: z.int().min(1).max(1000),
  crops: z.boolean(),
});

/** Boxes below are too doubtful to be looked at. */
const worthALook = 0.2;

/** Below an encoder's folder, in a bundle, lies the detector that leads it. */
const detectorPlace = 'looks-with';

/**
 * A model as one that leads encoders.
 * @throws ModelError MODEL_TOGETHER where it is no detector
 */
export function leadingDetector({ card, ...folder }: ModelFolder): DetectorFolder {
  if (card.kind === 'detector') return { ...folder, card };
  throw new ModelError('MODEL_TOGETHER', `${card.name} is no detector, and leads no other model`, {
    hint: 'name a detector with --look-with',
  });
}

/**
 * An encoder that looks where a detector saw something: at the frames of the surest boxes, and at what is in them. Called as the encoder is.
 * The tensor is [rows, width]: a row a frame and one a crop, in order of time. Each runs in a process of its own.
 */
function ledEncoderFamily(encoder: ModelFolder<CardOf<'image-encoder'>>, detector: DetectorFolder): FeatureFamily {
  const { card } = encoder;
  const plain = modelFamily(encoder);
  const parse = (settings: JsonValue) =>
    parseSettings(settings, ledSchema, {
      name: card.name,
      example: '{ "every": 1, "looks": 60, "score": 0.2, "iou": 0.45, "frames": 8, "crops": true }',
    });
  const settings = { ...detectorSettings(detector), score: worthALook, frames: 8, crops: true };
  const cautions = [encoder, detector].flatMap((folder) => licenceCaution(folder) ?? []);
  return {
    ...plain,
    summary: `${card.summary}, where ${detector.card.name} sees something`,
    settings: { laptop: settings, competition: settings },
    rowsChosen: true,
    rowShape(given) {
      parse(given);
      return [card.output.width];
    },
    mostRows(given) {
      const { frames, crops } = parse(given);
      return frames * (crops ? 2 : 1);
    },
    weightsDigest: async () => digestOf([modelDigest(encoder), modelDigest(detector)]),
    model: {
      answers: digestOf([modelAnswers(encoder), 'led']),
      async copyTo(place) {
        const own = await writeModel(place, asNewModel(encoder));
        const leading = await writeModel(join(place, detectorPlace), asNewModel(detector));
        return [...own, ...leading.map((file) => `${detectorPlace}/${file}`)];
      },
    },
    async open(given, { threads }) {
      const parsed = parse(given);
      const limits = { ...defaultModelLimits, threads };
      const looking = await openModel(detector, limits);
      const model = await openModel(encoder, limits).catch((error: unknown) => {
        looking.dispose();
        throw error;
      });
      const models = {
        detector: { model: looking, folder: detector },
        encoder: { model, reader: embeddingReader(card) },
      };
      return {
        pixels: 'color',
        start: (clip) => ledPass(models, parsed, clip),
        weights: {
          source: 'imported',
          digest: card.sha256,
          note: [encoder, detector].map(modelName).join(' led by '),
          ...(cautions.length === 0 ? {} : { caution: cautions.join('; ') }),
        },
        dispose: async () => {
          looking.dispose();
          model.dispose();
        },
      };
    },
  };
}

/**
 * Models as families, encoders of pictures among them led by a detector.
 * @throws ModelError MODEL_TOGETHER where there is a detector and nothing for it to lead
 */
export function modelFamiliesLedBy(
  folders: readonly ModelFolder[],
  detector: DetectorFolder | undefined,
): FeatureFamily[] {
  const families = folders.map(({ card, ...folder }) =>
    detector !== undefined && card.kind === 'image-encoder'
      ? ledEncoderFamily({ ...folder, card }, detector)
      : modelFamily({ ...folder, card }),
  );
  if (detector !== undefined && !folders.some(({ card }) => card.kind === 'image-encoder')) {
    throw new ModelError('MODEL_TOGETHER', `${detector.card.name} has no encoder of pictures to lead`, {
      hint: 'name one with --model, or leave out --look-with',
    });
  }
  return families;
}

/**
 * The family that a bundle's folder of a model holds, as `copyTo` of that family wrote it.
 * @throws ModelError as `readModelFolder` does
 */
export async function keptModelFamily(place: string): Promise<FeatureFamily> {
  const folder = await readModelFolder(place);
  const leading = join(place, detectorPlace);
  const isLed = await stat(join(leading, cardName)).then(
    () => true,
    () => false,
  );
  const [family] = modelFamiliesLedBy([folder], isLed ? leadingDetector(await readModelFolder(leading)) : undefined);
  return family as FeatureFamily;
}
