import type { Message } from '@primatrix/contracts';
import { sha256Bytes } from '@primatrix/files';
import type { BundleManifest, FirstLevelRecord } from '@primatrix/prediction';
import type { TensorStore } from '@primatrix/tensor-store';
import { smallBundle, smallBundleDigest, smallClip } from '@primatrix/testkit';
import type { ServedPart } from '../parts/start-service.ts';
import { clipQuestion } from '../remote/clip-question.ts';
import type { Requester } from '../remote/requester.ts';

export const digest = smallBundleDigest;
export const manifest: BundleManifest = smallBundle({ nets: [{ name: 'net-one' }, { name: 'net-two' }] });
export const outcome = { status: 'ok', fault: null, reason: '', framesDecoded: 3, framesExpected: 3 } as const;

/** What the families of the test do, unless a test has it otherwise: nets answer with what they read, plus their number. */
export const workOver = (store: TensorStore): Record<string, ServedPart['work']> => ({
  'video-ingest': async ({ clipId }) => ({ facts: { metadata: smallClip(clipId ?? ''), outcome: null } }),
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
  const policy = withoutAfterMs === undefined ? null : { withoutAfterMs, parts: {} };
  const clipId = sha256Bytes(name);
  const ref = { uri: `file:///${name}`, sha256: clipId, bytes: 1 };
  return of.ask({ ...clipQuestion(digest, { ref, filename: name, policy, versions }, clipId), anew }, signal);
};

export const recordOf = ({ payload }: Message) => payload['record'] as FirstLevelRecord;
/** What the feature family of the test reads in a clip of that name. */
export const numberOf = (name: string) => Number.parseInt(sha256Bytes(name).slice(0, 4), 16);
