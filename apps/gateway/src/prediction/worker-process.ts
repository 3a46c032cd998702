import { asChild } from '@primatrix/child-process';
import { discoverFamilies } from '@primatrix/families';
import { LookingModels, readModel } from '@primatrix/models';
import { clipsAtOnce, ModelPredictor, Predictor } from '@primatrix/prediction';
import { ClipWorker } from './clip-worker.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './worker-messages.ts';

// Predicts in a process of its own: the gateway answers meanwhile, and outlives a native library that crashes.
const { settings, send, stop } = asChild<WorkerSettings, FromWorker>();
const { place, families, weightsDir, threads, device, records, alone } = settings;
try {
  const predictor =
    'models' in place
      ? new ModelPredictor(
          await LookingModels.open(await Promise.all(place.models.map(readModel)), { looks: place.looks }),
        )
      : await Predictor.open(place.bundle, await discoverFamilies(new URL(families)), { weightsDir, threads, device });
  const worker = await ClipWorker.open(predictor, records, (message) => void send(message), {
    atOnce: alone ? 1 : clipsAtOnce(),
  });
  process.on('message', (message: ToWorker) => worker.take(message));
  stop.addEventListener('abort', () => {
    void worker[Symbol.asyncDispose]().then(() => process.exit(0));
  });
  await send({ type: 'ready', warnings: predictor.warnings });
} catch (error) {
  await send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  process.disconnect();
}
