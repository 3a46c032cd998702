import { createRequire } from 'node:module';
import { UsageError } from '@primatrix/contracts';
import type { ClipExtraction, FeatureFamily } from '@primatrix/families';
import { ClipHasher, hashBits, summariseHashes } from '@primatrix/image-hash';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** pHash and dHash bits of every frame, [frames, 128], and the 8 summary numbers of the clip's motion. */
export const family: FeatureFamily = {
  kind: 'features',
  name: 'image-hash',
  feature: 'image-hash',
  version,
  summary: '64-bit pHash and 64-bit dHash of every frame, and how much they change',
  rowsAlone: true,
  // Hashing costs about a millisecond a frame: both profiles look at every frame, so there is nothing to set.
  settings: { laptop: {}, competition: {} },
  weightsDigest: async () => null,
  async open(settings) {
    if (JSON.stringify(settings) !== '{}') throw new UsageError('FAMILY_SETTINGS', `image-hash: it has no settings, got ${JSON.stringify(settings)}`);
    return {
      weights: { source: 'none', digest: null, note: 'no weights' },
      // Grey is made of the colours too, as OpenCV makes it: from luma alone 1 bit in 100 would differ.
      pixels: 'color',
      start: hashClip,
      dispose: async () => undefined,
    };
  },
};

function hashClip(): ClipExtraction {
  const hasher = new ClipHasher();
  return {
    wants: () => true,
    push: (frame) => hasher.add(frame),
    async finish() {
      const hashes = hasher.hashes();
      return { tensor: hashBits(hashes), row: { ...summariseHashes(hashes) } };
    },
  };
}
