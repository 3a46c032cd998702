import { once } from 'node:events';
import { UsageError } from '@primatrix/contracts';
import { prepareFamilies } from '@primatrix/families';
import { modelFamily } from '@primatrix/models';
import type { Device } from '@primatrix/onnx';
import { readBundle } from '@primatrix/prediction';
import {
  bundleParts,
  ClipCache,
  joinerFamily,
  openAnswers,
  openParts,
  ServiceWatch,
  startJoiner,
  startService,
  startWatchServer,
  type Canary,
  type Service,
} from '@primatrix/services';
import { jsonLog, textLog, type Log } from '@primatrix/telemetry';
import { oldDecoderWarning } from '@primatrix/video';
import { featureContext, installedFamilies } from '../installed-families.ts';
import { unlessStopped } from './unless-stopped.ts';
import { openBroker } from './open-broker.ts';
import { otherModels, withModels } from './other-models.ts';
import type { Session } from '../terminal/session.ts';
import { startTracing } from './tracing.ts';
import { whilePreparing } from '../while-preparing.ts';

/** What `serve` is told of families. */
export interface ServeFamiliesOptions {
  readonly bundle: string;
  readonly all?: true;
  /** Other versions of models of the bundle. */
  readonly model?: readonly string[];
  readonly models?: string;
  readonly store?: string;
  readonly device: Device;
  readonly threads?: number;
  readonly canary: readonly Canary[];
  readonly ackWait: number;
  readonly maxDeliver: number;
  readonly clipCache: number;
  readonly wait: number;
  readonly replicas?: number;
  readonly log: 'text' | 'json';
  readonly metricsPort?: number;
  readonly metricsHost: string;
}

/** Where services write what they do: to stderr. */
export function openServiceLog(kind: 'text' | 'json'): Log {
  const write = (line: string) => void process.stderr.write(line);
  return kind === 'json' ? jsonLog(write, () => new Date()) : textLog(write);
}

/** Serves families of a bundle until it is stopped. */
export async function serveFamilies(
  names: readonly string[],
  options: ServeFamiliesOptions,
  log: Log,
  session: Session,
): Promise<void> {
  const { manifest: own, digest } = await readBundle(options.bundle);
  const models = await otherModels(options);
  const manifest = withModels(own, models);
  const parts = bundleParts(manifest);
  const known = [joinerFamily, ...new Set(parts.map(({ family }) => family))];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined || names.length > 0 === (options.all === true)) {
    throw new UsageError(
      'SERVE_FAMILY',
      unknown === undefined ? 'serve: name families or give --all' : `serve: the bundle has no family '${unknown}'`,
      { hint: `families: ${known.join(', ')}` },
    );
  }
  const only = options.all ? new Set(known) : new Set(names);
  await using _tracing = await startTracing(only.size === 1 ? `primatrix-${[...only].join('')}` : 'primatrix', log);
  const watch = new ServiceWatch(log);
  watch.readiness.expect([
    ...parts.filter(({ family }) => only.has(family)).map(({ name }) => name),
    ...(only.has(joinerFamily) ? [joinerFamily] : []),
  ]);
  await using _pages = await offer(watch, options);

  const patience = { command: 'serve', waitSeconds: options.wait, say: log.info, signal: session.signal };
  await using broker = await unlessStopped(openBroker(options, patience), session.signal);
  if (broker === undefined) return;
  const { bus, store } = broker;
  watch.follow(bus);
  const families = [...(await installedFamilies()), ...models.map(modelFamily)];
  await whilePreparing(session, (told) =>
    prepareFamilies(
      families.filter(({ name }) => only.has(name)),
      told,
    ),
  );
  const served = await openParts({
    bundle: options.bundle,
    manifest,
    only,
    families,
    context: featureContext({ device: options.device, threads: options.threads }),
    store,
    cache: new ClipCache({ limitBytes: options.clipCache * 2 ** 20 }),
  });
  const decodes = served.some(({ part }) => part.stage === 'ingest' || part.stage === 'features');
  const old = decodes ? await oldDecoderWarning() : null;
  if (old !== null) log.warn(old);
  const { ackWait: ackWaitMs, maxDeliver } = options;
  const answers = await openAnswers(bus);
  const running: Omit<Service, 'part'>[] = [];
  for (const one of served) {
    running.push(
      await startService(one, {
        bus,
        answers,
        ackWaitMs,
        maxDeliver,
        watch,
        concurrency: one.part.stage === 'ingest' ? 2 : 1,
      }),
    );
  }
  if (only.has(joinerFamily)) {
    running.push(
      await startJoiner({
        bus,
        store,
        manifest: own,
        digest,
        canaries: options.canary,
        ackWaitMs,
        now: Date.now,
        watch,
      }),
    );
  }
  log.info(`serving ${[...only].join(', ')}`);
  const stopped = session.signal.aborted ? undefined : once(session.signal, 'abort');
  await Promise.race([stopped, Promise.all(running.map(({ ended }) => ended))]);
  watch.readiness.drain();
  await Promise.all(running.map((service) => service.stop()));
  await bus.close();
  for (const one of served) await one.dispose();
}

/** Offers metrics, health and readiness where a port is given. */
export async function offer(
  watch: ServiceWatch,
  { metricsPort, metricsHost }: Pick<ServeFamiliesOptions, 'metricsPort' | 'metricsHost'>,
): Promise<AsyncDisposable | undefined> {
  if (metricsPort === undefined) return undefined;
  watch.metrics.addProcess();
  const server = await startWatchServer(watch, { host: metricsHost, port: metricsPort });
  watch.log.info(`metrics, health and readiness: ${server.url}/metrics, /healthz, /readyz`);
  return server;
}
