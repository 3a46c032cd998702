import { Rng } from '@primatrix/rng';
import { fleetFor, type Fleet, type FleetOptions } from './fleet.ts';
import type { Plan } from './plan.ts';
import { cardsOf, days } from './simulation/arrivals.ts';
import { simulateFleet, type Simulated } from './simulation/simulate-fleet.ts';
import type { Mishaps, StationStatistics } from './simulation/station.ts';

export interface SimulateDayOptions extends FleetOptions {
  readonly plan: Plan;
  /** Mean number of clips that come in together. */
  readonly card: number;
  /** Most clips that are simulated: a whole day if it has no more, else as many from the busiest hour on. */
  readonly clips: number;
  readonly seed: number;
  readonly mishaps: Mishaps;
  /** Counts that are given; the others follow from arithmetic. */
  readonly workers: Readonly<Record<string, number>>;
  readonly joiners?: number | undefined;
  readonly brokers?: number | undefined;
  /** Workers are added until 95 % of the clips are predicted so many seconds after their card came. */
  readonly p95?: number | undefined;
}

/** A fleet, and how it fared. */
export interface SimulatedDay {
  readonly fleet: Fleet;
  readonly workers: Readonly<Record<string, number>>;
  readonly joiners: number;
  readonly brokers: number;
  readonly wholeDay: boolean;
  readonly simulated: Simulated;
  /** The station that worked most of its time. */
  readonly busiest: string;
  /** False where `p95` was not reached: the work alone takes longer, or more workers do not help. */
  readonly reached: boolean;
}

/** Clips that a slice of a day begins with and that do not count: the fleet is empty at first. */
const warmUp = 0.2;
const mostRounds = 100;

/** Counts a fleet by arithmetic and has it work on a virtual clock. */
export function simulateDay(options: SimulateDayOptions): SimulatedDay {
  const { plan, clipsPerDay, day, card, clips, seed, mishaps, p95 } = options;
  const fleet = fleetFor(plan, options);
  const wholeDay = clipsPerDay <= clips;
  const weights: readonly number[] = days[day];
  const from = wholeDay ? 0 : weights.indexOf(Math.max(...weights));
  const workers: Record<string, number> = Object.fromEntries(
    fleet.stages.map((stage) => [stage.name, options.workers[stage.name] ?? stage.workers]),
  );
  let joiners = options.joiners ?? fleet.joiners;
  let brokers = options.brokers ?? fleet.brokers;
  const run = () =>
    simulateFleet({
      plan,
      workers,
      joiners,
      brokers,
      seed,
      mishaps,
      clips: Math.min(clips, clipsPerDay),
      warmUp: wholeDay ? 0 : warmUp,
      cards: cardsOf(Rng.of(seed, 'cards'), clipsPerDay, { day, card, from }),
    });
  let simulated = run();
  const reached = () => p95 === undefined || simulated.predicted.p95 <= p95;
  for (let round = 0; round < mostRounds && !reached(); round++) {
    const slowest = mostOf(simulated.stations, ({ meanWaitSeconds, served }) => meanWaitSeconds * served);
    if (slowest === 'joiner') joiners = more(joiners);
    else if (slowest.startsWith('broker')) brokers = more(brokers);
    else workers[slowest] = more(workers[slowest] ?? 1);
    simulated = run();
  }
  return {
    fleet,
    workers,
    joiners,
    brokers,
    wholeDay,
    simulated,
    busiest: mostOf(simulated.stations, ({ utilisation }) => utilisation),
    reached: reached(),
  };
}

function more(count: number): number {
  return count + Math.max(1, Math.round(count / 10));
}

function mostOf(
  stations: Readonly<Record<string, StationStatistics>>,
  value: (station: StationStatistics) => number,
): string {
  let best = { name: '', value: -1 };
  for (const [name, station] of Object.entries(stations)) {
    if (value(station) > best.value) best = { name, value: value(station) };
  }
  return best.name;
}
