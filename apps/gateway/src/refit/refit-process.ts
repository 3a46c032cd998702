import { PrimatrixError } from '@primatrix/contracts';
import { discoverFamilies } from '@primatrix/families';
import { readBundle } from '@primatrix/prediction';
import { refitSecondLevel } from '@primatrix/training';
import { readProjectCorrections } from '../project/project-corrections.ts';
import type { FromRefit, RefitSettings } from './refit-messages.ts';

// Fits in a process of its own, the only one of the gateway that loads what trains: pages answer and clips are predicted meanwhile, and a crash leaves all as it was.
const { bundle, training, project, out, families, threads, device } = JSON.parse(
  process.argv[2] ?? '{}',
) as RefitSettings;
const send = (message: FromRefit) =>
  new Promise<void>((resolve) => (process.connected ? process.send?.(message, () => resolve()) : resolve()));
const stop = new AbortController();
// Ctrl-C in a terminal reaches this process, too: the gateway says when to stop.
process.on('SIGINT', () => undefined);
process.once('disconnect', () => stop.abort());
const started = performance.now();
try {
  const { source } = await readProjectCorrections(project, await readBundle(bundle));
  let told = 0;
  const card = await refitSecondLevel({
    bundle,
    training,
    out,
    threads,
    device,
    corrections: { sources: [source], ofDataset: new Map() },
    families: await discoverFamilies(new URL(families)),
    signal: stop.signal,
    onProgress(done, note) {
      if (performance.now() - told < 100) return;
      told = performance.now();
      void send({ type: 'progress', done, note });
    },
  });
  await send({ type: 'done', card, seconds: (performance.now() - started) / 1000 });
} catch (error) {
  const hint = error instanceof PrimatrixError ? error.hint : undefined;
  await send({
    type: 'failed',
    message: `${error instanceof Error ? error.message : String(error)}${hint === undefined ? '' : ` (${hint})`}`,
  });
}
if (process.connected) process.disconnect();
