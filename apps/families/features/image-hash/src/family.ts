import { parseSettings } from '@primatrix/contracts';
import { noWeights, type ClipExtraction, type FeatureFamily, type JsonValue } from '@primatrix/families';
import { packageOf } from '@primatrix/files';
import { BlockHasher, ClipHasher, hashBits, summariseBlockHashes, summariseHashes } from '@primatrix/perceptual-hash';
import { z } from 'zod';

const { version } = packageOf(import.meta.url);

const settingsSchema = z.strictObject({
  /** Adds imghash's 64-bit block hash: 64 bits more a frame, and 4 numbers more a clip. Default false. */
  blockHash: z.boolean().exactOptional(),
});

function parse(settings: JsonValue): z.infer<typeof settingsSchema> {
  return parseSettings(settings, settingsSchema, { name: 'image-hash', example: '{} or { "blockHash": true }' });
}

/** pHash and dHash bits of every frame, [frames, 128], and the 8 summary numbers of the clip's motion. */
export const family: FeatureFamily = {
  kind: 'features',
  name: 'image-hash',
  version,
  summary: '64-bit pHash and 64-bit dHash of every frame, and how much they change',
  rowsAlone: ['laptop', 'competition'],
  tells: 'motion',
  // Hashing costs about a millisecond a frame: both profiles look at every frame.
  settings: { laptop: {}, competition: {} },
  // Two hashes of 64 bits, and the block hash where it is asked for.
  rowShape: (settings) => [parse(settings).blockHash === true ? 192 : 128],
  weightsDigest: async () => null,
  async open(settings) {
    const { blockHash = false } = parse(settings);
    return {
      weights: noWeights,
      // Grey is made of the colours too, as OpenCV makes it: from luma alone 1 bit in 100 would differ.
      pixels: 'color',
      start: () => hashClip(blockHash),
      dispose: async () => undefined,
    };
  },
};

function hashClip(withBlocks: boolean): ClipExtraction {
  const hasher = new ClipHasher();
  const blocks = withBlocks ? new BlockHasher() : undefined;
  return {
    wants: () => true,
    push(frame) {
      blocks?.add(frame);
      return hasher.add(frame);
    },
    async finish() {
      const hashes = hasher.hashes();
      const blockHashes = blocks?.words();
      const row = {
        ...summariseHashes(hashes),
        ...(blockHashes === undefined ? {} : summariseBlockHashes(blockHashes)),
      };
      return { tensor: hashBits(hashes, blockHashes), row };
    },
  };
}
