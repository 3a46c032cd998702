import type { ClipMetadata, Message } from '@primatrix/contracts';
import { sha256Bytes } from '@primatrix/files';
import type { BundleManifest, FirstLevelRecord } from '@primatrix/prediction';
import type { TensorStore } from '@primatrix/tensor-store';
import { joinerFamily } from '../parts/bundle-parts.ts';
import type { ServedPart } from '../parts/start-service.ts';
import type { Requester } from '../remote/requester.ts';
import { joinerReleaseOf } from './start-joiner.ts';

export const digest = sha256Bytes('a bundle');
const file = { path: 'x', sha256: sha256Bytes('weights') };
export const manifest: BundleManifest = {
  schema: 4,
  profile: 'laptop',
  dataset: { name: 'test', digest },
  classes: ['a', 'b'],
  metadata: { family: 'video-ingest', version: '1.0.0', reference: null },
  neighbours: { family: 'neighbours', version: '1.0.0', nets: [], ks: [1], order: 'site' },
  features: [
    {
      family: 'dots',
      version: '1.0.0',
      settings: null,
      weightsDigest: null,
      weights: '',
      weightsFiles: [],
    },
  ],
  nets: ['net-one', 'net-two'].map((family) => ({
    family,
    version: '1.0.0',
    reads: 'dots',
    input: [2],
    crop: [2],
    crops: 1,
    padding: 'repeat' as const,
    models: [file],
  })),
  stacks: [],
  ensemble: {
    family: 'ensemble',
    version: '1.0.0',
    weights: {},
    calibration: { method: 'none' },
    thresholds: { answers: [], note: '' },
  },
};
export const outcome = { status: 'ok', fault: null, reason: '', framesDecoded: 3, framesExpected: 3 } as const;
const metadataOf = (sha256: string): ClipMetadata => ({
  file: 'x',
  bytes: 1,
  sha256,
  container: 'mp4',
  videoCodec: 'h264',
  width: 1,
  height: 1,
  fps: 1,
  frames: 3,
  durationSeconds: 3,
  capturedAt: null,
  audio: null,
});

/** What the families of the test do, unless a test has it otherwise: nets answer with what they read, plus their number. */
export const workOver = (store: TensorStore): Record<string, ServedPart['work']> => ({
  'video-ingest': async ({ clipId }) => ({ facts: { metadata: metadataOf(clipId ?? ''), outcome: null } }),
  dots: async ({ clipId }) => ({
    tensors: {
      features: await store.put({
        dtype: 'float32',
        shape: [1],
        data: Float32Array.of(Number.parseInt(clipId?.slice(0, 4) ?? '', 16)),
      }),
    },
    facts: { outcome, looked: true, listened: false, row: { mean: 1, odd: null } },
  }),
  ...Object.fromEntries(
    ['net-one', 'net-two'].map((name, i): [string, ServedPart['work']] => [
      name,
      async ({ payload }) => {
        const { data } = await store.get(payload.tensors['features'] as NonNullable<(typeof payload.tensors)[string]>);
        return {
          tensors: {
            probabilities: await store.put({
              dtype: 'float64',
              shape: [2],
              data: Float64Array.of(Number(data[0]), i),
            }),
          },
          facts: { padding: null },
        };
      },
    ]),
  ),
});

/** Asks the joiner for a clip whose name is its content. */
export const ask = async (
  of: Requester,
  name: string,
  {
    withoutAfterMs,
    versions = {},
    anew = false,
    signal,
  }: { withoutAfterMs?: number | null; versions?: Record<string, string>; anew?: boolean; signal?: AbortSignal } = {},
) => {
  const policy = withoutAfterMs === undefined ? null : { withoutAfterMs };
  const clipId = sha256Bytes(name);
  const payload = {
    tensors: {},
    files: { clip: { uri: `file:///${name}`, sha256: clipId, bytes: 1 } },
    filename: name,
    site: null,
    capturedAt: null,
    policy,
    versions,
  };
  return of.ask(
    {
      stage: 'clips',
      family: joinerFamily,
      part: joinerFamily,
      release: joinerReleaseOf(digest),
      clipId,
      payload,
      inputs: clipId,
      anew,
    },
    signal,
  );
};

export const recordOf = ({ payload }: Message) => payload['record'] as FirstLevelRecord;
/** What the feature family of the test reads in a clip of that name. */
export const numberOf = (name: string) => Number.parseInt(sha256Bytes(name).slice(0, 4), 16);
