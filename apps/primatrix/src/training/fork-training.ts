import { forkChild } from '@primatrix/child-process';
import type { FromTraining, TrainHandle, TrainSettings } from '@primatrix/gateway';
import type { Device } from '@primatrix/onnx';

/** What the process that trains is started with. */
export interface ForkTraining extends TrainSettings {
  /** Folder of models. */
  readonly modelsDir: string;
  readonly device: Device;
  readonly threads: number;
  readonly seed: number;
}

/** Starts it. */
export function forkTraining(settings: ForkTraining): TrainHandle {
  // A native library may be slow to notice; a stage is there whole or not at all.
  return forkChild<FromTraining>(new URL('./train-process.js', import.meta.url), { settings, patienceMs: 3000 });
}
