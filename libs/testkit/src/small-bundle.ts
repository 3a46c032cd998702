import { createHash } from 'node:crypto';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Digest of the bundle whose manifest `smallBundle` gives. */
export const smallBundleDigest = sha256('a bundle');

/** A net or a stacker's member of a `smallBundle`. */
export interface SmallMember {
  readonly name: string;
  /** Default 1.0.0. */
  readonly version?: string;
}

/**
 * The manifest of a bundle of two classes whose nets read one feature, `dots`: for tests of what goes by a manifest.
 * Its files are nowhere.
 * @param stacks members of one family, `stack-trees`
 */
export function smallBundle({ nets, stacks = [] }: { nets: readonly SmallMember[]; stacks?: readonly SmallMember[] }) {
  const models = (name: string) => [{ path: 'x', sha256: sha256(name) }];
  const features = { family: 'dots', version: '1.0.0', settings: null, weightsDigest: null, weights: '' };
  const net = { reads: 'dots', input: [2], crop: [2], crops: 1, padding: 'repeat' as const };
  return {
    schema: 4 as const,
    profile: 'laptop' as const,
    dataset: { name: 'test', digest: smallBundleDigest },
    classes: ['a', 'b'],
    metadata: { family: 'video-ingest', version: '1.0.0', reference: null },
    neighbours: { family: 'neighbours', version: '1.0.0', nets: [], ks: [1], order: 'site' as const },
    features: [{ ...features, weightsFiles: [] }],
    nets: nets.map(({ name, version = '1.0.0' }) => ({ ...net, family: name, version, models: models(name) })),
    stacks: stacks.map(({ name, version = '1.0.0' }) => ({
      ...{ family: 'stack-trees', version, member: name, columns: [], models: models(name) },
    })),
    ensemble: {
      family: 'ensemble',
      version: '1.0.0',
      weights: {},
      calibration: { method: 'none' as const },
      thresholds: { answers: [], note: '' },
    },
  };
}

/** What is known of a clip of one silent second without a moment, whose bytes have this digest. */
export function smallClip(digest: string) {
  return {
    ...{ file: 'x', bytes: 1, sha256: digest, container: 'mp4', videoCodec: 'h264', width: 1, height: 1 },
    ...{ fps: 1, frames: 3, durationSeconds: 3, capturedAt: null, audio: null },
  };
}
