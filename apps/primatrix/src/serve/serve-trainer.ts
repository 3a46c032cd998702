import { once } from 'node:events';
import { availableParallelism, hostname } from 'node:os';
import { resolve } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import { prepareFamilies } from '@primatrix/families';
import { openAnswers, ServiceWatch } from '@primatrix/services';
import type { Log } from '@primatrix/telemetry';
import { startTrainer, trainerFamily, trainerRelease } from '@primatrix/trainers';
import { oldDecoderWarning } from '@primatrix/video';
import { installedFamilies } from '../installed-families.ts';
import type { Session } from '../terminal/session.ts';
import { openTraining } from '../training/open-training.ts';
import { optionsOf } from '../training/training-request.ts';
import { whilePreparing } from '../while-preparing.ts';
import { connectBus } from './open-broker.ts';
import { unlessStopped } from './unless-stopped.ts';
import { offer, type ServeFamiliesOptions } from './serve-families.ts';
import { startTracing } from './tracing.ts';

/** What `serve trainer` is told. */
export interface ServeTrainerOptions extends Omit<ServeFamiliesOptions, 'bundle'> {
  readonly shared?: string;
}

/**
 * Takes jobs of trainings until it is stopped.
 * @throws UsageError SERVE_SHARED, NATS_URL, BUS_UNREACHABLE
 */
export async function serveTrainer(options: ServeTrainerOptions, log: Log, session: Session): Promise<void> {
  if (options.shared === undefined) {
    throw new UsageError('SERVE_SHARED', 'serve: a trainer needs --shared <dir>', {
      hint: 'the folder below which datasets and artifacts lie, under the same path on every machine',
    });
  }
  await using _tracing = await startTracing(`primatrix-${trainerFamily}`, log);
  const watch = new ServiceWatch(log);
  watch.readiness.expect([trainerFamily]);
  await using _pages = await offer(watch, options);
  const patience = { command: 'serve', waitSeconds: options.wait, say: log.info, signal: session.signal };
  const bus = await unlessStopped(connectBus(options.replicas, patience), session.signal);
  if (bus === undefined) return;
  try {
    watch.follow(bus);
    const families = await installedFamilies();
    await whilePreparing(session, (told) => prepareFamilies(families, told));
    const old = await oldDecoderWarning();
    if (old !== null) log.warn(old);
    const { device, threads = availableParallelism(), models } = options;
    const own = { device, threads, ...(models === undefined ? {} : { models }) };
    const trainer = await startTrainer({
      bus,
      answers: await openAnswers(bus),
      release: trainerRelease(families),
      shared: resolve(options.shared),
      name: `${hostname()}-${process.pid}`,
      threads,
      ackWaitMs: options.ackWait,
      maxDeliver: options.maxDeliver,
      watch,
      open: (request) => openTraining(optionsOf(request, own)),
    });
    log.info(`serving ${trainerFamily}`);
    const stopped = session.signal.aborted ? undefined : once(session.signal, 'abort');
    await Promise.race([stopped, trainer.ended]);
    watch.readiness.drain();
    await trainer.stop();
  } finally {
    await bus.close();
  }
}
