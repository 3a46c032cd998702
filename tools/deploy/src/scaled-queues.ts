import { streamNames } from '@primatrix/messaging';
import { durableOf, joinerFamily } from '@primatrix/services';
import type { ServedBundle } from './broker-users.ts';

/** A queue by whose lag a service is scaled. */
export interface ScaledQueue {
  readonly stream: string;
  /** The durable consumer that the service's workers share. */
  readonly consumer: string;
}

/**
 * The queues of each service of a bundle, by the service's name: one a part that the family serves. The joiner's are the
 * clips that wait for it, and the answers, which come to it as announcements.
 */
export function scaledQueues({ parts, joinerRelease }: ServedBundle): Readonly<Record<string, readonly ScaledQueue[]>> {
  const clips = durableOf({ stage: 'clips', family: joinerFamily, release: joinerRelease });
  const queues: Record<string, ScaledQueue[]> = {
    [joinerFamily]: [
      { stream: streamNames.work, consumer: clips },
      ...(['ready', 'failed'] as const).map((event) => ({ stream: streamNames.news, consumer: `${clips}-${event}` })),
    ],
  };
  for (const part of parts) (queues[part.family] ??= []).push({ stream: streamNames.work, consumer: durableOf(part) });
  return queues;
}
