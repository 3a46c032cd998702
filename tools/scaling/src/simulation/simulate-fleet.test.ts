import { Rng } from '@primatrix/rng';
import { expect, it } from 'vitest';
import type { Piece } from '../measurements.ts';
import type { Plan } from '../plan.ts';
import { cardsOf } from './arrivals.ts';
import { simulateFleet, type SimulationOptions } from './simulate-fleet.ts';
import { noMishaps } from './station.ts';

const piece = (seconds: number): Piece => ({ seconds, cpuSeconds: seconds, readBytes: 0, writtenBytes: 0 });

/** Two features after ingest, a net on each; the first measured clip has no sound. */
const plan: Plan = {
  profile: 'laptop',
  clips: 2,
  stages: [
    { name: 'ingest', needs: [], pieces: [piece(0.1), piece(0.1)] },
    { name: 'pictures', needs: ['ingest'], pieces: [piece(1), piece(3)] },
    { name: 'sound', needs: ['ingest'], pieces: [null, piece(0.5)] },
    { name: 'net-pictures', needs: ['pictures'], pieces: [piece(0.2), piece(0.2)] },
    { name: 'net-sound', needs: ['sound'], pieces: [null, piece(0.2)] },
  ],
  tables: [{ name: 'stack', rows: 1000, piece: piece(10) }],
  joinerSeconds: 1e-9,
  operationsPerSecond: 1e9,
};
const workers = { ingest: 4, pictures: 4, sound: 4, 'net-pictures': 4, 'net-sound': 4, stack: 1 };
const simulate = (options: Partial<SimulationOptions>) =>
  simulateFleet({ plan, workers, joiners: 1, brokers: 1, seed: 1, clips: 1, cards: [{ at: 5, clips: 1 }], ...options });

it('takes one clip through its stages in the time of its longest way', () => {
  const times = new Set(Array.from({ length: 20 }, (_, seed) => simulate({ seed }).record.most.toFixed(6)));
  expect(times).toEqual(new Set(['1.300000', '3.300000']));
});

it('has the second level wait for all clips of a card', () => {
  const { record, predicted } = simulate({ clips: 100, cards: [{ at: 0, clips: 100 }] });
  // A hundred rows of a thousand, in ten seconds.
  expect(predicted.most - record.most).toBeCloseTo(1, 6);
  expect(predicted.p50).toBe(predicted.most);
});

it("obeys Little's law over the whole fleet", () => {
  const clips = 20_000;
  const { meanUnderWay, seconds, underWay } = simulate({
    clips,
    cards: cardsOf(new Rng(1), 120_000, { day: 'flat', card: 1, from: 0 }),
  });
  expect(meanUnderWay / ((clips / seconds) * underWay.mean)).toBeCloseTo(1, 6);
});

it('is limited by the stage that is slowest, as arithmetic says', () => {
  const clips = 4000;
  const { clipsPerSecond, stations } = simulate({ clips, cards: [{ at: 0, clips }], plan: { ...plan, tables: [] } });
  // Two seconds on average for each of four workers.
  expect(clipsPerSecond).toBeGreaterThan(1.9);
  expect(clipsPerSecond).toBeLessThan(2.1);
  expect(stations['pictures']?.utilisation).toBeGreaterThan(0.99);
});

it('keeps no more clips of a card on their way than the window, and no more messages in a queue than it has room for', () => {
  const { stations, clips } = simulate({ clips: 2000, cards: [{ at: 0, clips: 2000 }], window: 50 });
  expect(clips).toBe(2000);
  expect(stations['pictures']?.longestQueue).toBeLessThanOrEqual(50);
  const bounded = simulate({ clips: 2000, cards: [{ at: 0, clips: 2000 }], room: 10 });
  expect(bounded.stations['pictures']).toMatchObject({ longestQueue: 10, served: 2000 });
});

it('gives every clip its record when workers die', () => {
  const options = { clips: 2000, cards: [{ at: 0, clips: 2000 }] };
  const stormy = simulate({ ...options, mishaps: { ...noMishaps, deathsPerHour: 30 } });
  expect(stormy.stations['pictures']?.deaths).toBeGreaterThan(10);
  expect(stormy.stations['pictures']?.served).toBe(2000);
  expect(stormy.seconds).toBeGreaterThan(simulate(options).seconds);
});

it('asks a cheap look first where there is one', () => {
  const cascade = { stages: ['ingest', 'sound', 'net-sound'], share: 0.4 };
  const { stations } = simulate({ plan: { ...plan, cascade }, clips: 5000, cards: [{ at: 0, clips: 5000 }] });
  expect(stations['ingest']?.served).toBe(5000);
  expect((stations['pictures']?.served ?? 0) / 5000).toBeCloseTo(0.6, 1);
  // Of the clips with sound, half of all, all are listened to.
  expect((stations['sound']?.served ?? 0) / 5000).toBeCloseTo(0.5, 1);
});

it('shares clips out among brokers, and is limited by them where they are slow', () => {
  const slow = { ...plan, operationsPerSecond: 40, tables: [] };
  const many = { ingest: 500, pictures: 500, sound: 500, 'net-pictures': 500, 'net-sound': 500 };
  const run = (brokers: number) =>
    simulate({ plan: slow, workers: many, brokers, clips: 1000, cards: [{ at: 0, clips: 1000 }] });
  // 3 or 5 stages of 3 operations, and 7: 19 on average.
  expect(run(1).clipsPerSecond).toBeCloseTo(40 / 19, 1);
  expect(run(4).clipsPerSecond / run(1).clipsPerSecond).toBeGreaterThan(3.5);
});

it('gives the same result for the same seed, and another for another', () => {
  const run = (seed: number) =>
    JSON.stringify(
      simulate({
        seed,
        clips: 500,
        cards: cardsOf(Rng.of(seed, 'cards'), 100_000, { day: 'office', card: 20, from: 9 }),
      }),
    );
  expect(run(3)).toBe(run(3));
  expect(run(3)).not.toBe(run(4));
});
