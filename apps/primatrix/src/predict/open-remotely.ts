import { UsageError } from '@primatrix/contracts';
import { ClipCache, RemotePredictor } from '@primatrix/services';
import { installedFamilies } from '../installed-families.ts';
import { openBroker } from '../serve/open-broker.ts';
import type { Progress } from '../terminal/progress.ts';
import type { Session } from '../terminal/session.ts';
import type { PredictOptions } from './predict-options.ts';

/** A predictor whose work services do. */
export async function openRemotely(
  { bundle = '', out, store: place, replicas, versions = {}, withoutAfter, wait = 60 }: PredictOptions,
  progress: Progress,
  session: Session,
): Promise<RemotePredictor> {
  const { bus, store } = await openBroker(
    { store: place, replicas },
    { command: 'predict', waitSeconds: wait, say: (text) => progress.log(text), signal: session.signal },
  );
  try {
    const remote = await RemotePredictor.open({
      bus,
      store,
      cache: new ClipCache(),
      bundle,
      families: await installedFamilies(),
      run: out,
      policy: withoutAfter ?? null,
      versions,
    });
    const brought = remote.manifest.features.find(({ ofResults }) => ofResults === true);
    if (brought !== undefined) {
      throw new UsageError(
        'PREDICT_SOURCE',
        `predict: the bundle learnt from ${brought.family}, which no service makes`,
        {
          hint: 'predict in this process, without --remote, and with --features',
        },
      );
    }
    const ofSites = remote.manifest.features.find(({ background }) => background !== undefined);
    if (ofSites !== undefined) {
      throw new UsageError(
        'PREDICT_SOURCE',
        `predict: the bundle reads ${ofSites.family}, which is made of the clips of a site, and services see one clip`,
        { hint: 'predict in this process, without --remote' },
      );
    }
    const silent = await remote.silent();
    if (silent.length > 0) progress.log(`waiting for services: ${silent.join(', ')} (start them with primatrix serve)`);
    return remote;
  } catch (error) {
    await bus.close();
    throw error;
  }
}
