import type { Message } from '@primatrix/contracts';
import { messageIdOf } from './index.ts';

/** What the messages of these tests are about. */
export const parts = { stage: 'features', family: 'vgg16', event: 'requested' } as const;

/** The n-th message: of the same n and the same change, the same one. Its number stands in `timings.n`. */
export function messageOf(n: number, change: Partial<Message> = {}): Message {
  const work = { ...parts, ...change };
  return {
    schemaVersion: 1,
    id: messageIdOf({ stage: work.stage, family: work.family, event: work.event, inputs: n, settings: {} }),
    datasetId: 'test',
    clipId: null,
    producer: { name: '@primatrix/test', version: '1.0.0', modelDigest: null },
    payload: { tensors: {}, files: {} },
    failure: null,
    timings: { n },
    ...work,
  };
}
