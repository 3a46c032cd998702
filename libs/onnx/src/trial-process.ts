import * as ort from 'onnxruntime-node';
import { feedTensor, floatOutput } from './feed.ts';
import { fixedBatches } from './same-results.ts';
import { trialInput, trialModel } from './trial-model.ts';

// A process of its own: a driver that is not right may end it, and what the runtime logs is not for people. It ends
// with its parent.
process.once('disconnect', () => process.exit());
process.once('message', (device: string) => {
  void onDevice(device).then(
    (outputs) => process.send?.({ outputs: outputs.map((one) => [...one]) }, () => process.disconnect()),
    (error: unknown) => process.send?.({ error: (error as Error).message }, () => process.disconnect()),
  );
});

async function onDevice(device: string): Promise<Float32Array[]> {
  const session = await ort.InferenceSession.create(trialModel(), {
    executionProviders: [device],
    logSeverityLevel: 4,
    // What the device cannot do is not to be done by the CPU in silence.
    ...(device === 'cpu' ? {} : { extra: { session: { disable_cpu_ep_fallback: '1' } } }),
  });
  const outputs: Float32Array[] = [];
  for (let batch = 0; batch < fixedBatches; batch++) {
    outputs.push(floatOutput(await session.run({ x: feedTensor(trialInput(batch)) }), 'y'));
  }
  return outputs;
}
