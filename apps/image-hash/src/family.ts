import { createRequire } from 'node:module';
import type { ClipExtraction, FeatureFamily } from '@primatrix/families';
import { ClipHashes, FrameHasher, hashBits, summariseHashes, type FrameHash } from '@primatrix/image-hash';
import type { Frame } from '@primatrix/video';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** pHash and dHash bits of every frame, [frames, 128], and the 8 summary numbers of the clip's motion. */
export const family: FeatureFamily = {
  kind: 'features',
  name: 'image-hash',
  feature: 'image-hash',
  version,
  summary: '64-bit pHash and 64-bit dHash of every frame, and how much they change',
  // Hashing costs about a millisecond a frame: both profiles look at every frame.
  settings: { laptop: {}, competition: {} },
  weightsDigest: async () => null,
  open: async () => ({
    weights: { source: 'none', digest: null, note: 'no weights' },
    pixels: 'luma',
    start: () => hashClip(),
    dispose: async () => undefined,
  }),
};

function hashClip(): ClipExtraction {
  let hasher: FrameHasher | undefined;
  const hashes: FrameHash[] = [];
  return {
    wants: () => true,
    push(frame: Frame) {
      hasher ??= new FrameHasher({ width: frame.width, height: frame.height });
      hashes.push(hasher.hash(frame.luma()));
    },
    async finish() {
      const clip = ClipHashes.from(hashes);
      return { tensor: hashBits(clip), row: { ...summariseHashes(clip) } };
    },
  };
}
