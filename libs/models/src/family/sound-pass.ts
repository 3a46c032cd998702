import type { ClipExtraction } from '@primatrix/families';
import type { SoundInput } from '../folder/sound-input.ts';
import type { OpenSoundModel } from '../runtime/open-sound-model.ts';
import { soundWindows, type HearingPlan } from '../sound/sound-windows.ts';
import { rowFeatures, type RowReader } from './row-readers.ts';

/** Listens to a clip's sound look by look, as many at once as the model takes; one row a look. */
export function soundPass(
  model: OpenSoundModel,
  reader: RowReader,
  input: SoundInput,
  plan: HearingPlan,
): ClipExtraction {
  const rows: Float32Array[] = [];
  return {
    wants: () => false,
    push: () => undefined,
    async listen(samples) {
      const windows = soundWindows(samples, input, plan);
      for (let first = 0; first < windows.length; first += model.batch) {
        const some = windows.slice(first, first + model.batch);
        rows.push(...reader.read(await model.run(some), some.length));
      }
    },
    finish: async () => rowFeatures(rows, reader),
  };
}
