import { DiscardPolicy, JetStreamApiError, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import type { JetStreamManager, StreamConfig } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { MessageEvent } from '@primatrix/contracts';
import { everyDeadLetter, filterOf } from '@primatrix/contracts';

/** Names of the streams. Operators may make them beforehand with settings of their own, replicas for example. */
export const streamNames = { work: 'PRIMATRIX_V1_WORK', news: 'PRIMATRIX_V1_NEWS', dead: 'PRIMATRIX_V1_DEAD' } as const;

/** The stream that keeps messages of this event. */
export function streamOf(event: MessageEvent): string {
  return event === 'requested' ? streamNames.work : streamNames.news;
}

const dayMs = 24 * 60 * 60 * 1000;
const anySubject = (event: MessageEvent) => filterOf({ stage: '*', family: '*', event });

/** JetStream's numbers for errors that are expected here. */
export const apiCodes = { streamNotFound: 10059, streamNameInUse: 10058, consumerNotFound: 10014, maximumMessages: 10077, filterNotUnique: 10100 } as const;

/** Whether an error is the server's answer with this number. */
export function isApiError(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}

/** Makes the streams that are missing; those that exist stay as they are. */
export async function ensureStreams(manager: JetStreamManager, capacity: number, duplicateWindowMs: number): Promise<void> {
  const shared = { storage: StorageType.File, duplicate_window: nanos(duplicateWindowMs), max_msgs: capacity };
  const streams: (Partial<StreamConfig> & { name: string })[] = [
    // Work is removed when done and never pushed out by newer work: publishers wait instead.
    { ...shared, name: streamNames.work, subjects: [anySubject('requested')], retention: RetentionPolicy.Workqueue, discard: DiscardPolicy.New },
    { ...shared, name: streamNames.news, subjects: [anySubject('ready'), anySubject('failed')], discard: DiscardPolicy.Old, max_age: nanos(7 * dayMs) },
    { ...shared, name: streamNames.dead, subjects: [everyDeadLetter], discard: DiscardPolicy.Old, max_age: nanos(90 * dayMs) },
  ];
  for (const stream of streams) {
    try {
      await manager.streams.info(stream.name);
    } catch (error) {
      if (!isApiError(error, apiCodes.streamNotFound)) throw error;
      await manager.streams.add(stream).catch((reason: unknown) => {
        // Another process made it at this very moment.
        if (!isApiError(reason, apiCodes.streamNameInUse)) throw reason;
      });
    }
  }
}
