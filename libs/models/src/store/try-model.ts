import type { Picture } from '@primatrix/backbones';
import { decodeBoxes } from '../detection/decode-boxes.ts';
import { classReader, embeddingReader } from '../family/row-readers.ts';
import { defaultModelLimits, type ModelLimits } from '../runtime/model-process.ts';
import { openModel } from '../runtime/open-model.ts';
import type { ModelFolder } from '../folder/model-folder.ts';

/** What a first run of a model came to. */
export interface ModelTrial {
  /** Milliseconds a picture, the quickest of up to ten runs, loading apart. */
  readonly millisecondsAPicture: number;
}

const side = 320;
const runs = 10;
/** No further run is begun after so many milliseconds: large models are slow, and one of theirs tells enough. */
const enough = 2000;

/**
 * Runs a model on a made-up picture and reads its output as its card says.
 * @throws ModelError MODEL_RUN where it does not load or run, MODEL_OUTPUT where its output is not what the card says
 */
export async function tryModel(folder: ModelFolder, limits: ModelLimits = defaultModelLimits): Promise<ModelTrial> {
  const { card, labels } = folder;
  const model = await openModel(folder, limits);
  try {
    let fastest = Number.POSITIVE_INFINITY;
    const begin = performance.now();
    for (let i = 0; i < runs && (i < 2 || performance.now() - begin < enough); i++) {
      const start = performance.now();
      const { outputs } = await model.run([madeUpPicture(i)]);
      fastest = Math.min(fastest, performance.now() - start);
      if (card.kind === 'detector') decodeBoxes(outputs, card, labels.length, { score: 0.1, iou: 0.45 });
      else if (card.kind === 'image-encoder') embeddingReader(card).read(outputs, 1);
      else classReader(card, labels).read(outputs, 1);
    }
    return { millisecondsAPicture: fastest };
  } finally {
    model.dispose();
  }
}

function madeUpPicture(variant: number): Picture {
  const data = Uint8Array.from({ length: side * side * 3 }, (_, i) => (i * 7 + (i >> 8) * 13 + variant * 29) & 255);
  return { width: side, height: side, data };
}
