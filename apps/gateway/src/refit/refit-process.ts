import { doAsChild } from '@primatrix/child-process';
import { discoverFamilies } from '@primatrix/families';
import { readBundle } from '@primatrix/prediction';
import { refitSecondLevel } from '@primatrix/training';
import { readProjectCorrections } from '../project/project-corrections.ts';
import type { FromRefit, RefitSettings } from './refit-messages.ts';

// Fits in a process of its own, the only one of the gateway that loads what trains: pages answer and clips are predicted meanwhile, and a crash leaves all as it was.
await doAsChild<RefitSettings, FromRefit>(async ({ settings, send, stop }) => {
  const { bundle, training, project, out, families, threads, device } = settings;
  const started = performance.now();
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
    signal: stop,
    onProgress(done, note) {
      if (performance.now() - told < 100) return;
      told = performance.now();
      void send({ type: 'progress', done, note });
    },
  });
  await send({ type: 'done', card, seconds: (performance.now() - started) / 1000 });
});
