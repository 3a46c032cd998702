import type { Message, NetAnswer, Tensor } from '@primatrix/contracts';
import type { BundledNet } from '@primatrix/prediction';
import type { TensorStore } from '@primatrix/tensor-store';
import { producerOf, type BundlePart } from './bundle-parts.ts';
import { unlessLost } from './lost-input.ts';
import { ServiceError } from '../service-error.ts';
import type { ServedPart } from './start-service.ts';

/** A net as a service: reads the tensor `features`, stores `probabilities`, float64 [classes]. */
export function netPart(part: BundlePart, net: BundledNet, store: TensorStore): ServedPart {
  return {
    part,
    producer: producerOf(part),
    work: (request, signal) =>
      unlessLost(async () => {
        const tensor = await storedTensor(store, request, 'features');
        const probabilities = await net.predict(tensor, signal);
        const ref = await store.put({ dtype: 'float64', shape: [probabilities.length], data: probabilities });
        return { tensors: { probabilities: ref }, facts: { padding: net.padding(tensor) ?? null } satisfies NetAnswer };
      }),
    dispose: () => net.dispose(),
  };
}

/** The tensor that a message refers to by this name. @throws ServiceError WORK_PAYLOAD; TensorError */
export async function storedTensor(
  store: TensorStore,
  { payload, stage, family, clipId }: Message,
  name: string,
): Promise<Tensor> {
  const ref = payload.tensors[name];
  if (ref === undefined) {
    throw new ServiceError(
      'WORK_PAYLOAD',
      `services: ${stage} ${family}: the message must refer to a tensor '${name}'`,
    );
  }
  return store.get(ref, clipId === null ? {} : { clip: clipId });
}
