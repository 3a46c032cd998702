import { setPriority } from 'node:os';
import { asChild } from '@primatrix/child-process';
import { UsageError } from '@primatrix/contracts';
import { discoverFamilies } from '@primatrix/families';
import { pooledEmbedding } from '@primatrix/few-labels';
import { modelFamily, readModel } from '@primatrix/models';
import { extractFile } from '@primatrix/prediction';
import { KeptVectors } from './kept-vectors.ts';
import type { FromSuggest, SuggestSettings, ToSuggest } from './suggest-messages.ts';
import { Suggester } from './suggester.ts';

// Suggests in a process of its own: pages answer meanwhile, and what people wait for goes first.
const { settings, send, stop } = asChild<SuggestSettings, FromSuggest>();
setPriority(10);
try {
  const { weightsDir, threads } = settings;
  const ensemble = (await discoverFamilies(new URL(settings.families))).find((family) => family.kind === 'ensemble');
  if (ensemble === undefined) {
    throw new UsageError('PLAN_FAMILIES', 'suggestions: no family of kind ensemble is installed');
  }
  const family = modelFamily(await readModel(settings.encoder));
  const extractor = await family.open(family.settings.laptop, { weightsDir, threads, device: 'cpu' });
  const vectors = await KeptVectors.open(settings.vectors);
  const suggester = new Suggester({
    vectors,
    ensemble,
    send: (message) => void send(message),
    async embed(file, signal) {
      const { features } = await extractFile(file, new Map([[family.name, extractor]]), signal);
      const tensor = features.get(family.name)?.tensor;
      if (tensor === undefined) return null;
      return pooledEmbedding(tensor.data as Float32Array, tensor.shape[1] ?? 0) ?? null;
    },
  });
  process.on('message', (message: ToSuggest) => suggester.take(message));
  stop.addEventListener('abort', () => {
    void suggester
      .stop()
      .then(() => vectors[Symbol.asyncDispose]())
      .then(() => extractor.dispose())
      .finally(() => process.exit(0));
  });
} catch (error) {
  await send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  process.disconnect();
}
