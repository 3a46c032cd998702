import { describe, expect, it } from 'vitest';
import { availableDevices, openSession } from './session.ts';
import { feedTensor, floatOutput } from './feed.ts';
import { trialInput, trialModel } from './trial-model.ts';
import { tryDevice, tryDevices } from './try-device.ts';

describe('tryDevice', () => {
  it('says that the CPU works, and of each other device that it does or what to do', async () => {
    const trials = await tryDevices();
    expect(trials.map(({ device }) => device)).toEqual(availableDevices());
    expect(trials[0]).toEqual({ device: 'cpu', works: true, says: 'works', advice: '' });
    for (const { works, says, advice } of trials) {
      expect(advice === '').toBe(works);
      // No line of the runtime's own log: source files, times, several lines.
      expect(says).not.toMatch(/\n|\.cc\b|\.h:\d|onnxruntime::|\[E:/);
      expect(says.length).toBeLessThan(130);
    }
  });

  it('of a device that this build has not says so', async () => {
    const absent = (['coreml', 'dml'] as const).find((device) => !availableDevices().includes(device));
    expect(await tryDevice(absent ?? 'coreml')).toMatchObject({
      works: false,
      says: expect.stringMatching(/does not have it/) as string,
    });
  });

  it('gives up on one that does not answer', async () => {
    expect(await tryDevice(availableDevices()[1] ?? 'cpu', 1)).toMatchObject({ works: false });
  });
});

it('the model of the trial tells devices apart: its outputs are neither 0 nor 1, nor alike', async () => {
  const session = await openSession(trialModel());
  const outputs = [...floatOutput(await session.run({ x: feedTensor(trialInput(0)) }), 'y')];
  expect(outputs).toHaveLength(20);
  expect(new Set(outputs.map((value) => value.toFixed(3))).size).toBeGreaterThan(10);
  expect(outputs.filter((value) => value > 0.1 && value < 0.9).length).toBeGreaterThan(5);
});
