import { outputNames, type PictureFolder } from '../folder/model-folder.ts';
import { fitPicture, type Placement } from '../picture/fit-picture.ts';
import type { Picture } from '@primatrix/backbones';
import { ModelProcess, type ModelLimits, type ModelOutput } from './model-process.ts';

/** Pictures that a model of a free batch is given at once. */
const freeBatch = 8;

/** A loaded model, fed with pictures. */
export interface OpenModel {
  /** Pictures that one run takes at most. */
  readonly batch: number;
  /**
   * @param pictures at most `batch`, of any sizes
   * @returns the outputs that the card names, their first axis the pictures (filled up where the graph fixes it), and where each picture
   *   came to lie
   * @throws ModelError MODEL_RUN
   */
  run(pictures: readonly Picture[]): Promise<{
    readonly outputs: ReadonlyMap<string, ModelOutput>;
    readonly placements: readonly Placement[];
  }>;
  dispose(): void;
}

/**
 * Loads a model in a process of its own.
 * @throws ModelError MODEL_RUN where it does not load
 */
export async function openModel({ card, file }: PictureFolder, limits?: ModelLimits): Promise<OpenModel> {
  const process = await ModelProcess.open(file, limits);
  const { input } = card;
  const batch = input.batch === 'free' ? freeBatch : input.batch;
  const names = outputNames(card);
  return {
    batch,
    async run(pictures) {
      const count = input.batch === 'free' ? pictures.length : batch;
      const fitted = pictures.map((picture) => fitPicture(picture, input));
      return {
        outputs: await process.look({ input, pictures: fitted, count, outputs: names }),
        placements: fitted.map(({ placement }) => placement),
      };
    },
    dispose: () => process.dispose(),
  };
}
