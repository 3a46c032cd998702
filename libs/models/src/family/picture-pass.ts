import type { ClipExtraction } from '@primatrix/families';
import { sampleFrames, type Picture, type Sampling } from '@primatrix/backbones';
import type { ModelOutput } from '../runtime/model-process.ts';
import type { OpenModel } from '../runtime/open-model.ts';

/** How a model's output becomes one row a picture. */
export interface RowReader {
  readonly width: number;
  /** @param count pictures of the run; more rows than these are filling */
  read(outputs: ReadonlyMap<string, ModelOutput>, count: number): Float32Array[];
  /** Columns of a clip for the second level. */
  columns(rows: readonly Float32Array[]): Record<string, number>;
}

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
      const data = new Float32Array(rows.length * reader.width);
      rows.forEach((row, i) => data.set(row, i * reader.width));
      return {
        tensor: { dtype: 'float32', shape: [rows.length, reader.width], data },
        row: reader.columns(rows),
      };
    },
  };
}
