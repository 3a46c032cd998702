import { DiscardPolicy, JetStreamApiError, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import type { JetStreamManager, StreamConfig } from '@nats-io/jetstream';
import { errors, nanos } from '@nats-io/transport-node';
import type { MessageEvent } from '@primatrix/contracts';
import { everyDeadLetter, everySubject } from '@primatrix/contracts';

/** Names of the streams. Operators may make them beforehand with settings of their own, replicas for example. */
export const streamNames = { work: 'PRIMATRIX_V1_WORK', news: 'PRIMATRIX_V1_NEWS', dead: 'PRIMATRIX_V1_DEAD' } as const;

/** The stream that keeps messages of this event. */
export function streamOf(event: MessageEvent): string {
  return event === 'requested' ? streamNames.work : streamNames.news;
}

const dayMs = 24 * 60 * 60 * 1000;
/** Announcements and dead letters kept at most. */
const maxKept = 1_000_000;

/** JetStream's numbers for errors that are expected here. */
export const apiCodes = {
  streamNotFound: 10059,
  streamNameInUse: 10058,
  consumerNotFound: 10014,
  /** For any reason: see the text. */
  storeFailed: 10077,
  accountLimits: 10002,
  insufficientResources: 10023,
  insufficientMemory: 10028,
  insufficientStorage: 10047,
  filterNotUnique: 10100,
  wrongLastSequence: 10071,
} as const;

/** Whether an error is the server's answer with this number. */
export function isApiError(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}

/**
 * Gives a stream that is there as many replicas as are asked for. Who may not leaves that to who may: the joiner makes streams, other
 * services only use them.
 */
export async function setReplicas(
  manager: JetStreamManager,
  stream: string,
  replicas: number | undefined,
): Promise<void> {
  if (replicas === undefined) return;
  const { config } = await manager.streams.info(stream);
  if (config.num_replicas === replicas) return;
  await manager.streams.update(stream, { num_replicas: replicas }).catch((error: unknown) => {
    if (!(error instanceof errors.PermissionViolationError)) throw error;
  });
}

/** Makes the streams that are missing; those that exist keep their settings, and get subjects and replicas that they lack. */
export async function ensureStreams(
  manager: JetStreamManager,
  {
    capacity,
    duplicateWindowMs,
    replicas,
  }: { readonly capacity: number; readonly duplicateWindowMs: number; readonly replicas: number | undefined },
): Promise<void> {
  const shared = {
    storage: StorageType.File,
    duplicate_window: nanos(duplicateWindowMs),
    num_replicas: replicas ?? 1,
  };
  // Each queue has its own room: a slow family fills its own, and the joiner, which needs room to go on, is never kept out by it.
  const bounded = { max_msgs_per_subject: capacity, discard: DiscardPolicy.New, discard_new_per_subject: true };
  const streams: (Partial<StreamConfig> & { name: string; subjects: string[] })[] = [
    // Work is removed when done and never pushed out by newer work: publishers wait instead.
    {
      ...shared,
      ...bounded,
      name: streamNames.work,
      subjects: everySubject('requested'),
      retention: RetentionPolicy.Workqueue,
    },
    {
      ...shared,
      name: streamNames.news,
      subjects: [...everySubject('ready'), ...everySubject('failed')],
      discard: DiscardPolicy.Old,
      max_msgs: maxKept,
      max_age: nanos(7 * dayMs),
    },
    {
      ...shared,
      name: streamNames.dead,
      subjects: [...everyDeadLetter],
      discard: DiscardPolicy.Old,
      max_msgs: maxKept,
      max_age: nanos(90 * dayMs),
    },
  ];
  for (const stream of streams) {
    try {
      const { config } = await manager.streams.info(stream.name);
      const missing = stream.subjects.filter((subject) => !config.subjects.includes(subject));
      if (missing.length > 0) await manager.streams.update(stream.name, { subjects: [...config.subjects, ...missing] });
      await setReplicas(manager, stream.name, replicas);
    } catch (error) {
      if (!isApiError(error, apiCodes.streamNotFound)) throw error;
      await manager.streams.add(stream).catch((reason: unknown) => {
        // Another process made it at this very moment.
        if (!isApiError(reason, apiCodes.streamNameInUse)) throw reason;
      });
    }
  }
}
