import { expect, it } from 'vitest';
import { exportInference, initialWeights, openComparedNet, predictNet, type NetSpec } from '../index.ts';
import { SessionError, tryDevice } from '@primatrix/onnx';
import { computes, deviceForSteps } from './device-for-steps.ts';

const spec: NetSpec = {
  name: 'seen',
  input: [6, 5],
  layers: [
    { type: 'Conv1D', filters: 4, kernelSize: [3], padding: 'same', activation: 'relu' },
    { type: 'GRU', units: 6, recurrentDropout: 0.4, recurrentActivation: 'sigmoid' },
    { type: 'Dropout', rate: 0.5 },
    { type: 'Dense', units: 3, activation: 'sigmoid' },
  ],
};
// Chromium's software Vulkan device will do: VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json
const { works } = await tryDevice('webgpu');

it.skipIf(!works)(
  'a graphics card, or what stands in for one, computes steps and probabilities as the CPU does',
  async () => {
    expect(await deviceForSteps(spec, 'webgpu')).toBe('webgpu');
    // WebGPU has neither of the two.
    const normalized = { ...spec, layers: [{ type: 'BatchNormalization' } as const, ...spec.layers] };
    expect(await deviceForSteps(normalized, 'webgpu')).toBe('cpu');
    const hard: NetSpec = { ...spec, layers: [{ type: 'GRU', units: 6 }, ...spec.layers.slice(-1)] };
    const samples = [{ tensor: { dtype: 'float32', shape: [6, 5], data: new Float32Array(30).fill(0.5) } }] as const;
    for (const [net, used] of [
      [spec, 'webgpu'],
      [hard, 'cpu'],
    ] as const) {
      const model = exportInference(net, initialWeights(net, 1));
      const opened = await openComparedNet(model, { input: [6, 5], threads: 1, device: 'webgpu' });
      expect(opened.device).toBe(used);
      await opened.session.release();
      const on = (device: 'cpu' | 'webgpu') => predictNet(model, samples, { input: [6, 5], classes: 3, device });
      const [cpu, card] = [await on('cpu'), await on('webgpu')];
      card.forEach((probability, i) => expect(Math.abs(probability - (cpu[i] as number))).toBeLessThan(1e-3));
    }
  },
);

it('a device that is not here is refused before any training', async () => {
  await expect(deviceForSteps(spec, 'dml')).rejects.toMatchObject({ code: 'ONNX_DEVICE' });
});

it('what a device cannot compute is left to the CPU, and what it computes otherwise is refused', async () => {
  expect(await computes('cuda', async () => undefined)).toBe('cuda');
  expect(await computes('cuda', () => Promise.reject(new Error('not supported yet')))).toBe('cpu');
  const differs = new SessionError('DEVICE_DIFFERS', 'other results');
  await expect(computes('cuda', () => Promise.reject(differs))).rejects.toBe(differs);
});
