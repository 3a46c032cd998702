import type { EnsembleFamily } from '@primatrix/families';
import type { BundledStack, BundleManifest } from '@primatrix/prediction';
import type { TensorStore } from '@primatrix/tensor-store';
import { producerOf, type BundlePart } from './bundle-parts.ts';
import { unlessLost } from './lost-input.ts';
import { storedTensor } from './net-part.ts';
import { ServiceError } from '../service-error.ts';
import type { ServedPart } from './start-service.ts';

/** A stacker as a service: reads `table`, float32 [rows, columns], and stores `probabilities`, float64 [rows, classes]. */
export function stackPart(
  part: BundlePart,
  stack: BundledStack,
  { version, store, classes }: { readonly version: string; readonly store: TensorStore; readonly classes: number },
): ServedPart {
  return {
    part,
    producer: producerOf(part, version),
    work: (request) =>
      unlessLost(async () => {
        const { data, shape } = await storedTensor(store, request, 'table');
        const [rows = 0, width = 0] = shape;
        const { columns } = stack.part;
        if (!(data instanceof Float32Array) || shape.length !== 2 || width !== columns.length) {
          throw new ServiceError(
            'WORK_PAYLOAD',
            `services: ${part.name}: the table must be float32 [rows, ${columns.length}], got [${shape.join(', ')}]`,
          );
        }
        const probabilities = await stack.predict({ data, rows, columns });
        return {
          tensors: {
            probabilities: await store.put({ dtype: 'float64', shape: [rows, classes], data: probabilities }),
          },
        };
      }),
    dispose: async () => stack.dispose(),
  };
}

/** The ensemble as a service: reads a tensor a member, float64 [rows, classes], and stores `probabilities` of the same shape. */
export function ensemblePart(
  part: BundlePart,
  family: EnsembleFamily,
  manifest: BundleManifest,
  store: TensorStore,
): ServedPart {
  return {
    part,
    producer: producerOf(part, family.version),
    work: (request) =>
      unlessLost(async () => {
        const members = await Promise.all(
          Object.keys(request.payload.tensors).map(async (name) => {
            const { data, shape } = await storedTensor(store, request, name);
            if (!(data instanceof Float64Array)) {
              throw new ServiceError('WORK_PAYLOAD', `services: ${part.name}: member ${name} must be float64`);
            }
            return { name, probabilities: data, shape };
          }),
        );
        const combined = family.combine(members, manifest.ensemble.weights, manifest.ensemble.calibration);
        const shape = members[0]?.shape ?? [0, manifest.classes.length];
        return { tensors: { probabilities: await store.put({ dtype: 'float64', shape: [...shape], data: combined }) } };
      }),
    async dispose() {},
  };
}
