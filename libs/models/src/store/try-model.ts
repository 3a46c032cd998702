import type { Picture } from '@primatrix/backbones';
import { decodeBoxes } from '../detection/decode-boxes.ts';
import { classReader, embeddingReader } from '../family/row-readers.ts';
import { defaultModelLimits, type ModelLimits } from '../runtime/model-process.ts';
import type { PictureFolder, SoundFolder, ModelFolder } from '../folder/model-folder.ts';
import { openModel } from '../runtime/open-model.ts';
import { openSoundModel } from '../runtime/open-sound-model.ts';

/** What a first run of a model came to. */
export interface ModelTrial {
  /** Milliseconds a look, the quickest of up to ten runs, loading apart. */
  readonly milliseconds: number;
  /** What it looked at. */
  readonly of: 'picture' | 'window of sound';
}

const side = 320;
const runs = 10;
/** No further run is begun after so many milliseconds: large models are slow, and one of theirs tells enough. */
const enough = 2000;

/**
 * Runs a model on made-up pictures or sounds and reads its output as its card says.
 * @throws ModelError MODEL_RUN where it does not load or run, MODEL_OUTPUT where its output is not what the card says
 */
export async function tryModel(folder: ModelFolder, limits: ModelLimits = defaultModelLimits): Promise<ModelTrial> {
  const { card } = folder;
  return card.kind === 'sound-encoder' || card.kind === 'sound-classifier'
    ? { milliseconds: await tryHearing({ ...folder, card }, limits), of: 'window of sound' }
    : { milliseconds: await tryLooking({ ...folder, card }, limits), of: 'picture' };
}

async function tryLooking(folder: PictureFolder, limits: ModelLimits): Promise<number> {
  const { card, labels } = folder;
  const model = await openModel(folder, limits);
  try {
    return await quickest(async (i) => {
      const { outputs } = await model.run([madeUpPicture(i)]);
      return () => {
        if (card.kind === 'detector') decodeBoxes(outputs, card, labels.length, { score: 0.1, iou: 0.45 });
        else if (card.kind === 'image-encoder') embeddingReader(card).read(outputs, 1);
        else classReader(card, labels).read(outputs, 1);
      };
    });
  } finally {
    model.dispose();
  }
}

async function tryHearing(folder: SoundFolder, limits: ModelLimits): Promise<number> {
  const { card, labels } = folder;
  const reader = card.kind === 'sound-encoder' ? embeddingReader(card) : classReader(card, labels);
  const model = await openSoundModel(folder, limits);
  try {
    return await quickest(async (i) => {
      const outputs = await model.run([madeUpSound(card.input.window, i)]);
      return () => void reader.read(outputs, 1);
    });
  } finally {
    model.dispose();
  }
}

/** @param look looks once, and returns how what it saw is read */
async function quickest(look: (variant: number) => Promise<() => void>): Promise<number> {
  let fastest = Number.POSITIVE_INFINITY;
  const begin = performance.now();
  for (let i = 0; i < runs && (i < 2 || performance.now() - begin < enough); i++) {
    const start = performance.now();
    const read = await look(i);
    fastest = Math.min(fastest, performance.now() - start);
    read();
  }
  return fastest;
}

function madeUpPicture(variant: number): Picture {
  const data = Uint8Array.from({ length: side * side * 3 }, (_, i) => (i * 7 + (i >> 8) * 13 + variant * 29) & 255);
  return { width: side, height: side, data };
}

function madeUpSound(samples: number, variant: number): Int16Array {
  return Int16Array.from({ length: samples }, (_, i) => ((i * 7919 + (i >> 6) * 104_729 + variant) & 0x3f_ff) - 8192);
}
