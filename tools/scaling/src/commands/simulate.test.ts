import { profiles } from '@primatrix/contracts';
import { describe, expect, it } from 'vitest';
import { describeDay } from '../describe-day.ts';
import { measurementsOf } from '../measurements.ts';
import { brokerWork, planOf } from '../plan.ts';
import { simulateDay, type SimulateDayOptions } from '../simulate-day.ts';
import { noMishaps } from '../simulation/station.ts';
import { runSimulate } from './simulate.ts';

const perDay = ['--clips-per-day', '1000'];

describe('simulate', () => {
  it.each([
    [[], 'simulate needs --clips-per-day'],
    [['--clips-per-day=-5'], "--clips-per-day must be a whole number from 1 to 10000000000, got '-5'"],
    [['--clips-per-day', 'many'], "got 'many'"],
    [[...perDay, '--utilisation', '1.5'], '--utilisation must be a number from 0.01 to 0.99'],
    [[...perDay, '--day', 'night'], '--day must be one of flat, office'],
    [[...perDay, '--workers', 'none=3'], '--workers must be one of'],
    [[...perDay, '--cascade', 'image-hash'], '--cascade must be a number'],
    [[...perDay, '--stragglers', '0.1'], '--stragglers must be a number'],
    [[...perDay, '--measurements', '/nowhere.json'], 'there is no file /nowhere.json'],
    [[...perDay, '--colour', 'red'], "Unknown option '--colour'"],
  ])('refuses %j', async (args, message) => {
    await expect(runSimulate(args)).rejects.toThrow(message);
  });

  const options = async (own: Partial<SimulateDayOptions> = {}): Promise<SimulateDayOptions> => ({
    plan: planOf(await measurementsOf('laptop')),
    clipsPerDay: 20_000,
    day: 'office',
    card: 100,
    size: 'peak',
    utilisation: 0.7,
    keepDays: 7,
    clips: 2000,
    seed: 1,
    mishaps: noMishaps,
    workers: {},
    ...own,
  });

  it('prints the same bytes for the same seed', async () => {
    const [first, again] = [await options(), await options()];
    expect(describeDay(first, simulateDay(first))).toBe(describeDay(again, simulateDay(again)));
  });

  it('adds workers until clips are predicted in the time that is wanted, and says where they never are', async () => {
    const before = simulateDay(await options());
    const wanted = before.simulated.predicted.p95 / 2;
    const { reached, workers, simulated } = simulateDay(await options({ p95: wanted }));
    expect(reached).toBe(true);
    expect(simulated.predicted.p95).toBeLessThanOrEqual(wanted);
    const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((a, b) => a + b, 0);
    expect(sum(workers)).toBeGreaterThan(sum(before.workers));
    expect(simulateDay(await options({ p95: 0.001, clips: 200 })).reached).toBe(false);
  });
});

it.each(profiles)('the traffic that was measured of the profile %s is what the plan counts', async (profile) => {
  const { exchange } = await measurementsOf(profile);
  const expected = brokerWork(exchange.parts);
  for (const kind of ['requests', 'announcements', 'stateWrites', 'answersKept', 'stateReads'] as const) {
    // Clips without sound pass fewer queues, and answers that come at once change a state together.
    expect(exchange.traffic[kind]?.messages).toBeGreaterThan((kind === 'stateWrites' ? 0.5 : 0.85) * expected[kind]);
    expect(exchange.traffic[kind]?.messages).toBeLessThanOrEqual(1.02 * expected[kind]);
  }
});
