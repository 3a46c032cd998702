import type { ClipExtraction } from '@primatrix/families';
import { sampleFrames, type Picture, type Sampling } from '@primatrix/backbones';
import type { OpenModel } from '../runtime/open-model.ts';
import { rowFeatures, type RowReader } from './row-readers.ts';

/** Looks at frames of a clip, as many at once as the model takes; one row a frame. */
export function picturePass(
  model: OpenModel,
  reader: RowReader,
  sampling: Required<Sampling>,
  frames: number | null,
): ClipExtraction {
  const wants = sampleFrames(sampling, frames);
  const waiting: Picture[] = [];
  const rows: Float32Array[] = [];
  const run = async () => {
    const pictures = waiting.splice(0);
    const { outputs } = await model.run(pictures);
    rows.push(...reader.read(outputs, pictures.length));
  };
  return {
    wants: (index) => rows.length + waiting.length < sampling.maxFrames && wants(index),
    async push(frame) {
      // The frame's bytes may be another one's once this returns.
      waiting.push({ width: frame.width, height: frame.height, data: frame.rgb().slice() });
      if (waiting.length === model.batch) await run();
    },
    async finish() {
      if (waiting.length > 0) await run();
      return rowFeatures(rows, reader);
    },
  };
}
