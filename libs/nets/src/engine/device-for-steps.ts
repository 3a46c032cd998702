import { digestOf } from '@primatrix/files';
import { fixedNumbers, requireSameResults, SessionError, type Device } from '@primatrix/onnx';

import type { NetSpec } from '../layer-spec.ts';
import { initialWeights, resolveNet } from '../net.ts';
import { openOnnxEngine } from './onnx-engine.ts';
import type { TrainEngine } from './train-engine.ts';

/** Samples of a compared step: sums over a batch are seen, and the CPU is soon done. */
const batch = 2;

/** What nets are trained on, by net and device: found out once a process, and not once a fold. */
const known = new Map<string, Promise<Device>>();

/**
 * What a net is trained on where a device is asked for. Steps (loss, gradients, statistics, and what the net predicts) are compared with
 * the CPU's, from weights drawn from a fixed seed. A net of which the device cannot compute a step is trained on the CPU: WebGPU has
 * no batch normalization that learns.
 * @throws SessionError `DEVICE_DIFFERS` where the device computes other steps, `ONNX_DEVICE` where it is not there
 */
export function deviceForSteps(spec: NetSpec, device: Device): Promise<Device> {
  if (device === 'cpu') return Promise.resolve(device);
  const key = digestOf([resolveNet(spec), device]);
  const found = known.get(key) ?? computes(device, () => compareSteps(spec, device));
  known.set(key, found);
  found.catch(() => known.delete(key));
  return found;
}

/** The device where it was compared; the CPU where it cannot compute at all; who computes something else is refused. */
export async function computes(device: Device, compare: () => Promise<void>): Promise<Device> {
  try {
    await compare();
    return device;
  } catch (error) {
    if (error instanceof SessionError) throw error;
    return 'cpu';
  }
}

async function compareSteps(spec: NetSpec, device: Device): Promise<void> {
  const net = resolveNet(spec);
  const weights = new Map(
    Object.entries(initialWeights(spec, 1)).map(([name, { data }]) => [name, data as Float32Array] as const),
  );
  const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
  const engines = new Map<Device, TrainEngine>();
  try {
    for (const on of ['cpu', device] as const) {
      engines.set(on, await openOnnxEngine(spec, { batch, threads: 1, device: on }));
    }
    await requireSameResults(device, `a training step of ${spec.name}`, async (on, of) => {
      const engine = engines.get(on) as TrainEngine;
      const x = fixedNumbers(batch * size(net.input), of);
      const classes = net.output.at(-1) as number;
      const labels = fixedNumbers(batch * classes, of).map((value) => (value > 0 ? 1 : 0));
      // Every unit stays: what is dropped would not be compared.
      const masks = new Map(engine.masks.map(({ name, shape }) => [name, new Float32Array(size(shape)).fill(1)]));
      const { loss, gradients, updates } = await engine.step({ x, labels, masks }, weights);
      const predicted = await engine.predict(x, batch, weights);
      return [Float32Array.of(loss), ...gradients.values(), ...updates.values(), predicted];
    });
  } finally {
    for (const engine of engines.values()) await engine.dispose();
  }
}
