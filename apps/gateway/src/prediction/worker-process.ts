import { discoverFamilies } from '@primatrix/families';
import { LookingModels, readModel } from '@primatrix/models';
import { clipsAtOnce, ModelPredictor, Predictor } from '@primatrix/prediction';
import { ClipWorker } from './clip-worker.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './worker-messages.ts';

// Predicts in a process of its own: the gateway answers meanwhile, and outlives a native library that crashes.
const { place, families, weightsDir, threads, device, records, alone } = JSON.parse(
  process.argv[2] ?? '{}',
) as WorkerSettings;
// The gateway may be gone, or want no more of it.
const send = (message: FromWorker) => void (process.connected && process.send?.(message, () => undefined));
// Ctrl-C in a terminal reaches this process, too: the gateway says when to stop.
process.on('SIGINT', () => undefined);
try {
  const predictor =
    'models' in place
      ? new ModelPredictor(
          await LookingModels.open(await Promise.all(place.models.map(readModel)), { looks: place.looks }),
        )
      : await Predictor.open(place.bundle, await discoverFamilies(new URL(families)), { weightsDir, threads, device });
  const worker = await ClipWorker.open(predictor, records, send, { atOnce: alone ? 1 : clipsAtOnce() });
  process.on('message', (message: ToWorker) => worker.take(message));
  process.once('disconnect', () => {
    void worker[Symbol.asyncDispose]().then(() => process.exit(0));
  });
  send({ type: 'ready', warnings: predictor.warnings });
} catch (error) {
  send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  process.disconnect();
}
