import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { outputNames, type SoundFolder } from '../folder/model-folder.ts';
import { soundShape, soundWriter } from '../sound/sound-tensor.ts';
import { ModelProcess, type ModelLimits, type ModelOutput } from './model-process.ts';

/** Looks that a model of a free batch is given at once. */
const freeBatch = 4;

/** A loaded model, fed with sound. */
export interface OpenSoundModel {
  /** Looks that one run takes at most. */
  readonly batch: number;
  /**
   * @param windows at most `batch`, of one length, at the card's rate
   * @returns the outputs that the card names, their first axis the looks (filled up where the graph fixes it)
   * @throws ModelError MODEL_RUN
   */
  run(windows: readonly Int16Array[]): Promise<ReadonlyMap<string, ModelOutput>>;
  dispose(): void;
}

/**
 * Loads a model of sound in a process of its own.
 * @throws ModelError MODEL_RUN where it does not load
 */
export async function openSoundModel({ card, file }: SoundFolder, limits?: ModelLimits): Promise<OpenSoundModel> {
  const { input } = card;
  const write = soundWriter(input);
  const process = await ModelProcess.open(file, limits);
  const batch = input.batch === 'free' ? freeBatch : input.batch;
  const names = outputNames(card);
  return {
    batch,
    async run(windows) {
      const shape = soundShape(input, windows[0]?.length ?? 0);
      const length = shape.reduce((product, axis) => product * axis, 1);
      const count = input.batch === 'free' ? windows.length : batch;
      const data = new Float32Array(count * length);
      for (const [i, window] of windows.entries()) {
        write(window, data.subarray(i * length, (i + 1) * length));
        // Some tens of milliseconds each: others are let go on between.
        await eventLoopTurn();
      }
      return process.run(input.name, [count, ...shape], data, names);
    },
    dispose: () => process.dispose(),
  };
}
