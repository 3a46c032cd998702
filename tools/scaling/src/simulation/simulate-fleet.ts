import { Rng } from '@primatrix/rng';
import type { Piece } from '../measurements.ts';
import type { Plan, PlanStage } from '../plan.ts';
import type { Card } from './arrivals.ts';
import { EventQueue } from './event-queue.ts';
import { Processors } from './processors.ts';
import { quantilesOf, type Quantiles } from './quantiles.ts';
import { Slots } from './slots.ts';
import { noMishaps, Station, type Mishaps, type StationStatistics } from './station.ts';

/** What {@link simulateFleet} simulates. */
export interface SimulationOptions {
  readonly plan: Plan;
  /** Workers of each stage and table, by name. */
  readonly workers: Readonly<Record<string, number>>;
  readonly joiners: number;
  /** Brokers, among which clips are shared out by their hash. */
  readonly brokers: number;
  readonly cards: Iterable<Card>;
  /** Cards are taken until there are so many clips. */
  readonly clips: number;
  readonly seed: number;
  /** Cores that all share, joiner and broker too; undefined: each has its own. */
  readonly cores?: number | undefined;
  /** Clips of one card on their way at once; default 500. */
  readonly window?: number;
  /** Messages that a queue has room for; default 100,000. */
  readonly room?: number;
  readonly mishaps?: Mishaps;
  /** Share of the clips, the first ones, whose times do not count; default 0. */
  readonly warmUp?: number;
}

/** How a fleet fared. */
export interface Simulated {
  readonly clips: number;
  /** From the first card to the last prediction. */
  readonly seconds: number;
  readonly clipsPerSecond: number;
  /** Seconds from the card to the clip's record, from the clip's request to its record, and from the card to the prediction. */
  readonly record: Quantiles;
  readonly underWay: Quantiles;
  readonly predicted: Quantiles;
  /** Clips on their way, averaged over time. */
  readonly meanUnderWay: number;
  /** Until the last card came; until all was done where there was only one. */
  readonly stations: Readonly<Record<string, StationStatistics>>;
}

/** Handlers of one joiner, for requests and for answers each. */
const joinerHandlers = 16;

/**
 * Sends clips through a fleet on a virtual clock: each takes the measured times of one clip, drawn, in all its stages.
 * The same options give the same result.
 */
export function simulateFleet(options: SimulationOptions): Simulated {
  const {
    plan,
    workers,
    joiners,
    brokers,
    seed,
    window = 500,
    room = 100_000,
    mishaps = noMishaps,
    warmUp = 0,
  } = options;
  const queue = new EventQueue();
  const processors = new Processors(queue, options.cores);
  const drawing = Rng.of(seed, 'clips');
  const stationOf = (name: string, count: number, own: { room?: number; mishaps?: Mishaps } = {}) =>
    new Station(name, queue, processors, Rng.of(seed, name), { workers: count, ...own });
  const stations = new Map(
    plan.stages.map(({ name }) => [name, stationOf(name, workers[name] ?? 1, { room, mishaps })]),
  );
  const tables = plan.tables.map((table) => ({ table, station: stationOf(table.name, workers[table.name] ?? 1) }));
  const joiner = stationOf('joiner', joiners);
  const broker = Array.from({ length: brokers }, (_, i) => stationOf(brokers === 1 ? 'broker' : `broker ${i + 1}`, 1));
  const admitting = new Slots(joiners * joinerHandlers);
  const listening = new Slots(joiners * joinerHandlers);
  const times = { record: [] as number[], underWay: [] as number[], predicted: [] as number[] };
  let underWay = 0;
  let underWaySeconds = 0;
  let seenAt = 0;
  let statistics: Record<string, StationStatistics> | undefined;
  const noteUnderWay = (change: number) => {
    underWaySeconds += underWay * (queue.now - seenAt);
    seenAt = queue.now;
    underWay += change;
  };

  const exchange = (clip: number, operations: number, then: () => void) => {
    const seconds = operations / plan.operationsPerSecond;
    (broker[clip % brokers] as Station).offer({ seconds, cpuSeconds: seconds }, then);
  };
  const join = (then: () => void) =>
    joiner.offer({ seconds: plan.joinerSeconds, cpuSeconds: plan.joinerSeconds }, then);

  /** Leads one clip to its record. */
  const lead = (clip: number, finished: () => void) => {
    const measured = drawing.int(plan.clips);
    const skipped = plan.cascade !== undefined && drawing.uniform() < plan.cascade.share;
    const asked = plan.stages.filter(
      ({ name, pieces }) =>
        (pieces[measured] ?? null) !== null && !(skipped && plan.cascade?.stages.includes(name) === false),
    );
    const done = new Set<string>();
    const requested = new Set<string>();
    const cheap = plan.cascade?.stages.filter((name) => asked.some((stage) => stage.name === name)) ?? [];
    const ready = ({ name, needs }: PlanStage) =>
      !requested.has(name) &&
      needs.every((need) => done.has(need)) &&
      (cheap.includes(name) || cheap.every((first) => done.has(first)));

    /** Asks for all that can be asked; `over` is called once there was room for it. */
    const askOn = (over: () => void) => {
      const now = asked.filter(ready);
      let open = now.length;
      if (open === 0) return over();
      for (const stage of now) {
        requested.add(stage.name);
        const work = stage.pieces[measured] as Piece;
        exchange(clip, 1, () =>
          stations.get(stage.name)?.offer(
            work,
            () => answered(stage.name),
            () => --open === 0 && over(),
          ),
        );
      }
    };
    const answered = (name: string) =>
      exchange(clip, 1, () =>
        listening.take(() =>
          join(() =>
            exchange(clip, 1, () => {
              done.add(name);
              if (done.size < asked.length) return askOn(() => listening.give());
              exchange(clip, 3, () => {
                listening.give();
                finished();
              });
            }),
          ),
        ),
      );
    exchange(clip, 3, () => admitting.take(() => join(() => exchange(clip, 1, () => askOn(() => admitting.give())))));
  };

  /** The second level of a card: table after table, member after member. */
  const conclude = (clips: number, then: () => void) => {
    const steps: (() => void)[] = [];
    for (let from = 0; from < clips; from += 1024) {
      for (const { table, station } of tables) {
        const share = Math.min(1024, clips - from) / table.rows;
        steps.push(() =>
          station.offer({ seconds: table.piece.seconds * share, cpuSeconds: table.piece.cpuSeconds * share }, next),
        );
      }
    }
    const next = () => (steps.shift() ?? then)();
    next();
  };

  let started = 0;
  const ignored = Math.floor(warmUp * options.clips);
  const begin = (card: Card) => {
    const cameAt = queue.now;
    const places = new Slots(window);
    const counts: boolean[] = [];
    let open = card.clips;
    for (let i = 0; i < card.clips; i++) {
      const clip = started++;
      counts.push(clip >= ignored);
      places.take(() => {
        noteUnderWay(1);
        const askedAt = queue.now;
        lead(clip, () => {
          noteUnderWay(-1);
          places.give();
          if (clip >= ignored) {
            times.record.push(queue.now - cameAt);
            times.underWay.push(queue.now - askedAt);
          }
          if (--open > 0) return;
          conclude(card.clips, () => {
            for (const counted of counts) if (counted) times.predicted.push(queue.now - cameAt);
          });
        });
      });
    }
  };

  const cards = options.cards[Symbol.iterator]();
  let planned = 0;
  let firstAt: number | undefined;
  const takeStatistics = () =>
    Object.fromEntries(
      [...stations.values(), ...tables.map(({ station }) => station), joiner, ...broker].map((station) => [
        station.name,
        station.statistics(),
      ]),
    );
  const planCard = () => {
    const { value, done } = cards.next();
    if (done === true || planned >= options.clips) {
      // What follows is only the rest of the work.
      if (queue.now > 0) statistics = takeStatistics();
      return;
    }
    const card = { ...value, clips: Math.min(value.clips, options.clips - planned) };
    planned += card.clips;
    firstAt ??= card.at;
    queue.after(card.at - firstAt - queue.now, () => {
      begin(card);
      planCard();
    });
  };
  planCard();
  queue.run();
  noteUnderWay(0);
  return {
    clips: started,
    seconds: queue.now,
    clipsPerSecond: started / queue.now,
    record: quantilesOf(times.record),
    underWay: quantilesOf(times.underWay),
    predicted: quantilesOf(times.predicted),
    meanUnderWay: underWaySeconds / queue.now,
    stations: statistics ?? takeStatistics(),
  };
}
