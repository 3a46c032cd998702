import { clipMetadataSchema, type FeatureAnswer } from '@primatrix/contracts';
import type { FeatureExtractor } from '@primatrix/families';
import { extractableClip, finiteRow } from '@primatrix/prediction';
import type { TensorStore } from '@primatrix/tensor-store';
import { producerOf, type BundlePart } from './bundle-parts.ts';
import type { ClipCache } from '../clips/clip-cache.ts';
import { withClip } from '../clips/clip-source.ts';
import { ServiceError } from '../service-error.ts';
import type { SharedExtraction } from './shared-extraction.ts';
import type { ServedPart } from './start-service.ts';

/** A feature family as a service: decodes a clip and stores the tensor `features`. */
export function featurePart(
  part: BundlePart,
  extractor: FeatureExtractor,
  {
    version,
    store,
    shared,
    cache,
  }: {
    readonly version: string;
    readonly store: TensorStore;
    readonly shared: SharedExtraction;
    readonly cache: ClipCache;
  },
): ServedPart {
  return {
    part,
    producer: producerOf(part, version),
    async work(request, signal) {
      const { filename, clipId } = { filename: String(request.payload['filename']), clipId: request.clipId };
      const metadata = clipMetadataSchema.safeParse(request.payload['metadata']);
      if (!metadata.success || clipId === null) {
        throw new ServiceError(
          'WORK_PAYLOAD',
          `services: ${part.name}: a request must name its clip and say what it is`,
        );
      }
      const { outcome, features, looked, listened } = await withClip(request, cache, (path) =>
        shared.extract(clipId, extractableClip(filename, path, metadata.data), part.name, extractor, signal),
      );
      const made = features.get(part.name);
      if (made === undefined) return { facts: { outcome, looked, listened } satisfies FeatureAnswer };
      const tensor = await store.put(made.tensor, { clip: filename });
      return {
        tensors: { features: tensor },
        facts: { outcome, looked, listened, row: finiteRow(made.row) } satisfies FeatureAnswer,
      };
    },
    dispose: () => extractor.dispose(),
  };
}
