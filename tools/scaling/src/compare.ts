import { Rng } from '@primatrix/rng';
import { measuredClips } from './measured-clips.ts';
import type { Measurements } from './measurements.ts';
import { meanPiece, planOf } from './plan.ts';
import { runRealFleet } from './run-real-fleet.ts';
import { quantilesOf, type Quantiles } from './simulation/quantiles.ts';
import { simulateFleet } from './simulation/simulate-fleet.ts';

export interface CompareOptions {
  readonly bundle: string;
  /** Of this bundle, with these clips and one thread, on this machine. */
  readonly measurements: Measurements;
  readonly clips: string;
  readonly limit?: number | undefined;
  /** Processes a family. */
  readonly workers: number;
  readonly count: number;
  /** Clips a second, Poisson; undefined: all at once. */
  readonly perSecond?: number | undefined;
  readonly seed: number;
}

interface ComparedFleet {
  readonly clipsPerSecond: number;
  readonly cpuSecondsPerClip: number;
  readonly underWay: Quantiles;
}

/** The same fleet, real and simulated. */
export interface Compared {
  /** Share of a core that the fleet had in the simulation. */
  readonly core: number;
  readonly real: ComparedFleet;
  readonly simulated: ComparedFleet;
  /** Simulated over real, less 1. */
  readonly error: {
    readonly clipsPerSecond: number;
    readonly cpuSecondsPerClip: number;
    readonly p50: number;
    readonly p95: number;
  };
}

/**
 * Runs a fleet on one core of this machine and simulates it, with the same arrivals. Clips that come all at once keep the
 * core busy: then the simulation has the share of it that the fleet got, as other programs may run beside it.
 */
export async function compareFleets({
  bundle,
  measurements,
  clips,
  limit,
  workers,
  count,
  perSecond,
  seed,
}: CompareOptions): Promise<Compared> {
  const rng = Rng.of(seed, 'compare');
  let at = 0;
  const arrivals = Array.from({ length: count }, () =>
    perSecond === undefined ? 0 : (at += -Math.log(1 - rng.uniform()) / perSecond),
  );
  const real = await runRealFleet({ bundle, workers, clips: await measuredClips(clips, limit, () => {}), arrivals });
  const plan = { ...planOf(measurements), tables: [] };
  const core = perSecond === undefined ? Math.min(1, real.cpuSeconds / real.seconds) : 1;
  const simulated = simulateFleet({
    plan,
    workers: Object.fromEntries(plan.stages.map(({ name }) => [name, workers])),
    joiners: 1,
    brokers: 1,
    cores: core,
    seed,
    clips: count,
    cards: perSecond === undefined ? [{ at: 0, clips: count }] : arrivals.map((each) => ({ at: each, clips: 1 })),
  });
  const of = {
    clipsPerSecond: count / real.seconds,
    cpuSecondsPerClip: real.cpuSeconds / count,
    underWay: quantilesOf(real.underWay),
  };
  const cpuSecondsPerClip =
    plan.stages.reduce((sum, stage) => sum + meanPiece(stage).cpuSeconds, 0) + measurements.exchange.joinerCpuSeconds;
  const error = (a: number, b: number) => a / b - 1;
  return {
    core,
    real: of,
    simulated: { clipsPerSecond: simulated.clipsPerSecond, cpuSecondsPerClip, underWay: simulated.underWay },
    error: {
      clipsPerSecond: error(simulated.clipsPerSecond, of.clipsPerSecond),
      cpuSecondsPerClip: error(cpuSecondsPerClip, of.cpuSecondsPerClip),
      p50: error(simulated.underWay.p50, of.underWay.p50),
      p95: error(simulated.underWay.p95, of.underWay.p95),
    },
  };
}
