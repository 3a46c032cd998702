import type { ClipOutcome, IngestAnswer } from '@primatrix/contracts';
import type { MetadataFamily, MetadataSettings } from '@primatrix/families';
import { ClipError, probeClip } from '@primatrix/video';
import { producerOf, type BundlePart } from './bundle-parts.ts';
import type { ClipCache } from '../clips/clip-cache.ts';
import { withClip } from '../clips/clip-source.ts';
import type { ServedPart, WorkResult } from './start-service.ts';

/** Ingest as a service: says what a clip is. A clip that cannot be read is answered `failed`, with its outcome. */
export function ingestPart(
  part: BundlePart,
  family: MetadataFamily,
  cache: ClipCache,
  { soundBytes = false }: MetadataSettings = {},
): ServedPart {
  return {
    part,
    producer: producerOf(part, family.version),
    async work(request, signal) {
      try {
        return await withClip(request, cache, async (path) => {
          const metadata = await probeClip(path, { signal, soundBytes });
          if (metadata.sha256 !== request.clipId) {
            throw new ClipError('unreadable', path, `${path}: the file was changed after it was submitted`);
          }
          return { facts: { metadata, outcome: null } satisfies IngestAnswer };
        });
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof ClipError) return unreadable(error.outcome);
        throw error;
      }
    },
    async dispose() {},
  };
}

function unreadable(outcome: ClipOutcome): WorkResult {
  return {
    facts: { metadata: null, outcome } satisfies IngestAnswer,
    failure: { code: outcome.fault ?? 'internal', message: outcome.reason },
  };
}
