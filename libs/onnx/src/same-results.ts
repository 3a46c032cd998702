import { SessionError, type Device } from './session.ts';

/** How often a device is compared before it is used. */
export const fixedBatches = 3;

/**
 * Largest difference between a device's results and the CPU's that is taken for rounding, as a share of the largest of the CPU's
 * (of 1 where that is smaller than 1e-6). TensorFloat-32 keeps ten bits of each factor, a thousandth.
 */
export const deviceBound = 1e-2;

/** Numbers in [-1, 1] that look like none in particular, and are the same on every machine; others in every batch. */
export function fixedNumbers(count: number, batch: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: count }, (_, i) => Math.sin(1.7 * (i + 1) + 31 * batch));
}

/**
 * Largest difference of results, as a share of the largest expected one; NaN where they cannot be compared, or hold none.
 * @param got of a device, one array an output
 * @param expected of the CPU
 */
export function largestDifference(got: readonly Float32Array[], expected: readonly Float32Array[]): number {
  if (got.length !== expected.length) return Number.NaN;
  let worst = 0;
  for (const [i, values] of expected.entries()) {
    const other = got[i] as Float32Array;
    if (other.length !== values.length) return Number.NaN;
    let [largest, off] = [0, 0];
    for (let at = 0; at < values.length; at++) {
      const value = values[at] as number;
      const difference = Math.abs(value - (other[at] as number));
      if (Number.isNaN(difference)) return Number.NaN;
      largest = Math.max(largest, Math.abs(value));
      off = Math.max(off, difference);
    }
    worst = Math.max(worst, off / (largest < 1e-6 ? 1 : largest));
  }
  return worst;
}

/**
 * Compares a device with the CPU on {@link fixedBatches} batches, before it is used.
 * @param what is computed, for people, for example `net-vgg16-gru`
 * @param outputsOf what a device makes of a batch, one array an output; batches are numbered from 0
 * @throws SessionError `DEVICE_DIFFERS` where it computes other results, and by how much
 */
export async function requireSameResults(
  device: Device,
  what: string,
  outputsOf: (device: Device, batch: number) => Promise<readonly Float32Array[]>,
): Promise<void> {
  if (device === 'cpu') return;
  for (let batch = 0; batch < fixedBatches; batch++) {
    const expected = await outputsOf('cpu', batch);
    const off = largestDifference(await outputsOf(device, batch), expected);
    if (off <= deviceBound) continue;
    throw new SessionError(
      'DEVICE_DIFFERS',
      `onnx: --device ${device} computes other results than the CPU for ${what}: ${off.toPrecision(2)} of the largest off, and ${deviceBound} are allowed`,
      {
        hint: 'use --device cpu, or update the driver: results of this device cannot be trusted for it',
        fields: { device, off },
      },
    );
  }
}
