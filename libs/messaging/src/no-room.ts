import { JetStreamApiError } from '@nats-io/jetstream';
import { BusError } from './bus-error.ts';
import { apiCodes } from './jetstream-layout.ts';

/** The server's numbers for having no place for what it is given. */
const noRoom: ReadonlySet<number> = new Set([
  apiCodes.insufficientResources,
  apiCodes.insufficientStorage,
  apiCodes.insufficientMemory,
  apiCodes.accountLimits,
]);

/**
 * Whether the server says that its own place is used up: its limits, an account's, a stream's in bytes, or the disk.
 * That a queue holds as many messages as it may is something else: workers empty it.
 */
export function isNoRoom(error: unknown): error is JetStreamApiError {
  if (!(error instanceof JetStreamApiError)) return false;
  // One number for all that keeps a stream from storing: the text says which.
  return noRoom.has(error.code) || (error.code === apiCodes.storeFailed && !isQueueFull(error));
}

/** Whether as many messages wait as may wait. */
export function isQueueFull(error: unknown): boolean {
  return (
    error instanceof JetStreamApiError && error.code === apiCodes.storeFailed && /maximum messages/i.test(error.message)
  );
}

/** @param where what was to be kept */
export function noRoomError(where: string, cause: JetStreamApiError): BusError {
  return new BusError('BUS_STORAGE', `${where}: NATS has no room to keep it: ${cause.message}`, {
    cause,
    hint:
      'give JetStream a larger disk or max_file_store, or remove what nobody needs (nats stream report, nats stream ' +
      'purge), then run the same command again: it goes on from what was finished',
  });
}
