import { describe, expect, it } from 'vitest';
import { fleetFor } from './fleet.ts';
import type { Measurements, Piece } from './measurements.ts';
import { measurementsSchema } from './measurements.ts';
import { brokerWork, planOf, shareOf, stagesPerClip } from './plan.ts';

const piece = (seconds: number, cpuSeconds: number, readBytes: number, writtenBytes: number): Piece => ({
  seconds,
  cpuSeconds,
  readBytes,
  writtenBytes,
});
const part = (name: string, stage: 'ingest' | 'features' | 'nets', reads: string | null, pieces: (Piece | null)[]) => ({
  name,
  family: `family-${name}`,
  stage,
  reads,
  rounds: 1,
  pieces,
});

/** Two clips, of which the second has no sound. */
const measurements: Measurements = measurementsSchema.parse({
  schema: 1,
  profile: 'laptop',
  untrained: false,
  machine: { cores: 2, processor: 'one', memoryGB: 8, node: 'v20.0.0', broker: 'nats-server', load: 0 },
  threads: 1,
  clips: [
    { seconds: 15, frames: 360, width: 720, height: 404, bytes: 1000 },
    { seconds: 15, frames: 360, width: 720, height: 404, bytes: 3000 },
  ],
  parts: [
    part('ingest', 'ingest', null, [piece(0.1, 0.1, 0, 0), piece(0.1, 0.1, 0, 0)]),
    part('pictures', 'features', null, [piece(2, 3, 0, 1000), piece(4, 5, 0, 3000)]),
    part('sound', 'features', null, [piece(1, 1, 0, 500), piece(0.2, 0.2, 0, 0)]),
    part('net-pictures', 'nets', 'pictures', [piece(0.5, 0.5, 1000, 10), piece(0.5, 0.5, 3000, 10)]),
    part('net-sound', 'nets', 'sound', [piece(0.4, 0.4, 500, 10), null]),
  ],
  together: part('features together', 'features', null, [piece(2.5, 3.5, 0, 1500), piece(4.1, 5.1, 0, 3000)]),
  secondLevel: [
    { name: 'stack-a', family: 'stack', stage: 'stack', rows: 1000, pieces: [piece(4, 4, 1e6, 1e5)] },
    { name: 'stack-b', family: 'stack', stage: 'stack', rows: 1000, pieces: [piece(6, 6, 1e6, 1e5)] },
  ],
  exchange: {
    parts: 5,
    clips: 100,
    brokerCpuSeconds: 0.004,
    joinerCpuSeconds: 0.007,
    otherBundles: { ears: 4, brokerCpuSeconds: 0.006 },
    traffic: {},
  },
  bus: { messagesPerSecond: 10_000, messageBytes: 325 },
});

describe('a plan', () => {
  it('has the queues of the first level in the order in which a clip meets them, and one a family of the second', () => {
    const plan = planOf(measurements);
    expect(plan.stages.map(({ name, needs }) => [name, needs])).toEqual([
      ['ingest', []],
      ['pictures', ['ingest']],
      ['sound', ['ingest']],
      ['net-pictures', ['pictures']],
      ['net-sound', ['sound']],
    ]);
    expect(plan.tables).toEqual([{ name: 'stack', rows: 1000, piece: piece(10, 10, 2e6, 2e5) }]);
    expect(plan.joinerSeconds).toBeCloseTo(0.001, 12);
    expect(stagesPerClip(plan)).toBe(4.5);
  });

  it('takes processor time for the time of one thread that other programs held up', () => {
    const slow = (threads: number) =>
      planOf({
        ...measurements,
        threads,
        parts: measurements.parts.map((one) => ({
          ...one,
          pieces: one.pieces.map((each) => each && { ...each, seconds: 9 * each.seconds }),
        })),
      });
    expect(slow(1).stages[1]?.pieces.map((one) => one?.seconds)).toEqual([3, 5]);
    expect(slow(2).stages[1]?.pieces.map((one) => one?.seconds)).toEqual([18, 36]);
  });

  it('lets nets work where their features are made, which then stay there', () => {
    const { stages } = planOf(measurements, { colocate: true });
    expect(stages.map(({ name }) => name)).toEqual(['ingest', 'pictures', 'sound']);
    expect(stages[1]?.pieces).toEqual([piece(2.5, 3.5, 0, 10), piece(4.5, 5.5, 0, 10)]);
    expect(stages[2]?.pieces).toEqual([piece(1.4, 1.4, 0, 10), piece(0.2, 0.2, 0, 0)]);
  });

  it('decodes once where all features are made in one process', () => {
    const { stages } = planOf(measurements, { decodeOnce: true });
    expect(stages.map(({ name, needs }) => [name, needs])).toEqual([
      ['ingest', []],
      ['features together', ['ingest']],
      ['net-pictures', ['features together']],
      ['net-sound', ['features together']],
    ]);
  });

  it('has a cascade take along what its stages need', () => {
    const plan = planOf(measurements, { cascade: { stages: ['net-sound'], share: 0.25 } });
    expect(plan.cascade).toEqual({ stages: ['net-sound', 'sound', 'ingest'], share: 0.25 });
    expect([shareOf(plan, 'sound'), shareOf(plan, 'pictures')]).toEqual([1, 0.75]);
    expect(() => planOf(measurements, { cascade: { stages: ['net-none'], share: 0.5 } })).toThrow(
      "there is no stage 'net-none'",
    );
  });
});

describe('a fleet', () => {
  const options = { clipsPerDay: 864_000, day: 'flat', size: 'day', utilisation: 0.5, keepDays: 2 } as const;

  it('follows from seconds, clips a day and utilisation', () => {
    const fleet = fleetFor(planOf(measurements), options);
    // Ten clips a second: 3 s each on average, half the time.
    expect(fleet.clipsPerSecond).toBe(10);
    expect(Object.fromEntries(fleet.stages.map(({ name, workers }) => [name, workers]))).toEqual({
      ingest: 2,
      pictures: 60,
      sound: 12,
      'net-pictures': 10,
      'net-sound': 4,
      stack: 1,
    });
    // CPU seconds: 0.1 + 4 + 0.6 + 0.5 + 0.2 + 0.01, and 6.5 messages of 1 ms for the joiner.
    expect(fleet.cores).toBe(Math.ceil(20 * 5.4165));
    expect(fleet.joiners).toBe(1);
    expect(fleet.storage).toEqual({
      writtenBytesPerDay: 864_000 * (2000 + 250 + 10 + 5 + 200),
      networkBytesPerDay: 864_000 * (2465 + 2000 + 250 + 2000),
      keptBytes: 2 * 864_000 * 2465,
    });
  });

  it('counts what the broker does', () => {
    expect(brokerWork(8)).toEqual({
      requests: 9,
      announcements: 9,
      stateWrites: 10,
      answersKept: 1,
      stateReads: 2,
      operations: 31,
    });
    const { broker, brokers } = fleetFor(planOf(measurements), options);
    expect(broker.operationsPerClip).toBe(20.5);
    // Five parts: 22 operations in 4 ms.
    expect(broker.shareOfCapacity).toBeCloseTo(205 / 5500, 12);
    expect(brokers).toBe(1);
  });

  it('is larger where it keeps up with the busiest hour', () => {
    const { clipsPerSecond } = fleetFor(planOf(measurements), { ...options, day: 'office', size: 'peak' });
    expect(clipsPerSecond).toBeCloseTo(21.6, 6);
  });
});
