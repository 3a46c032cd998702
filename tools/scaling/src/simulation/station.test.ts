import { Rng } from '@primatrix/rng';
import { describe, expect, it } from 'vitest';
import { erlangC, meanWaitSeconds } from './erlang.ts';
import { EventQueue } from './event-queue.ts';
import { Processors } from './processors.ts';
import { noMishaps, Station, type StationOptions } from './station.ts';

const exponential = (rng: Rng, mean: number) => -Math.log(1 - rng.uniform()) * mean;

/** Poisson arrivals at one station, whose work takes exponential times of mean 1. */
function serve(perSecond: number, count: number, options: StationOptions) {
  const queue = new EventQueue();
  const arrivals = Rng.of(1, 'arrivals');
  const services = Rng.of(1, 'services');
  const station = new Station('one', queue, new Processors(queue), Rng.of(1, 'mishaps'), options);
  let left = count;
  let there = 0;
  let spent = 0;
  const arrive = () => {
    if (left-- === 0) return;
    const cameAt = queue.now;
    const seconds = exponential(services, 1);
    there++;
    station.offer({ seconds, cpuSeconds: seconds }, () => {
      there--;
      spent += queue.now - cameAt;
    });
    queue.after(exponential(arrivals, 1 / perSecond), arrive);
  };
  arrive();
  queue.run();
  expect(there).toBe(0);
  return { ...station.statistics(), meanTimeInSystem: spent / count, seconds: queue.now };
}

describe('a station', () => {
  it.each([
    [1, 0.5],
    [1, 0.8],
    [4, 3.2],
    [32, 28],
  ])('of %i workers under a load of %f makes arrivals wait as Erlang says', (workers, load) => {
    const { meanWaitSeconds: waited, utilisation } = serve(load, 400_000, { workers });
    expect(waited / meanWaitSeconds(workers, load, 1)).toBeGreaterThan(0.96);
    expect(waited / meanWaitSeconds(workers, load, 1)).toBeLessThan(1.04);
    expect(utilisation).toBeCloseTo(load / workers, 2);
  });

  it("obeys Little's law: as many wait as arrive a second, times how long they wait", () => {
    const count = 100_000;
    const { meanQueue, meanWaitSeconds: waited, seconds } = serve(3.5, count, { workers: 4 });
    expect(meanQueue / ((count / seconds) * waited)).toBeCloseTo(1, 6);
  });

  it('loses no work when workers die, and takes longer', () => {
    const mishaps = { ...noMishaps, deathsPerHour: 60, ackWaitSeconds: 30, restartSeconds: 10 };
    const calm = serve(2, 20_000, { workers: 4 });
    const stormy = serve(2, 20_000, { workers: 4, mishaps });
    expect(stormy.served).toBe(20_000);
    // One death in 60 seconds of work, of 20,000 seconds of work in all.
    expect(stormy.deaths / (20_000 / 60)).toBeGreaterThan(0.85);
    expect(stormy.deaths / (20_000 / 60)).toBeLessThan(1.15);
    expect(stormy.meanTimeInSystem).toBeGreaterThan(calm.meanTimeInSystem);
  });

  it('makes stragglers of a share of the work', () => {
    const slow = serve(0.1, 50_000, { workers: 4, mishaps: { ...noMishaps, stragglers: 0.1, stragglerFactor: 11 } });
    expect(slow.meanTimeInSystem).toBeCloseTo(2, 1);
  });

  it('lets those wait outside for whom its queue has no room, in their order', () => {
    const queue = new EventQueue();
    const station = new Station('small', queue, new Processors(queue), new Rng(1), { workers: 1, room: 1 });
    const seen: string[] = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      station.offer(
        { seconds: 1, cpuSeconds: 1 },
        () => seen.push(`${name} done at ${queue.now}`),
        () => seen.push(`${name} in at ${queue.now}`),
      );
    }
    queue.run();
    expect(seen).toEqual([
      'a in at 0',
      'b in at 0',
      'a done at 1',
      'c in at 1',
      'b done at 2',
      'd in at 2',
      'c done at 3',
      'd done at 4',
    ]);
    expect(station.statistics().longestQueue).toBe(1);
  });
});

describe('processors', () => {
  it('slow all work down alike where it wants more cores than there are', () => {
    const queue = new EventQueue();
    const processors = new Processors(queue, 2);
    const ends: number[] = [];
    const run = (seconds: number, cpuSeconds: number) =>
      processors.run({ seconds, cpuSeconds }, () => ends.push(queue.now));
    // Four cores are wanted: half the speed until the first two end at 2, then full speed for what is left.
    run(1, 1);
    run(1, 1);
    run(3, 3);
    run(3, 3);
    queue.run();
    expect(ends).toEqual([2, 2, 4, 4]);
  });

  it('do not slow down what only waits', () => {
    const queue = new EventQueue();
    const processors = new Processors(queue, 1);
    const ends: number[] = [];
    for (const cpuSeconds of [0, 0.5, 0.5]) processors.run({ seconds: 2, cpuSeconds }, () => ends.push(queue.now));
    queue.run();
    expect(ends).toEqual([2, 2, 2]);
  });
});

it("Erlang's C is the load of one worker, and small for many", () => {
  expect(erlangC(1, 0.7)).toBeCloseTo(0.7, 12);
  // Tables: 10 servers, 8 erlangs.
  expect(erlangC(10, 8)).toBeCloseTo(0.409, 3);
});
