import { PrimatrixError } from '@primatrix/contracts';
import type { ErrorFields } from '@primatrix/contracts';

/** Why the bus refused or gave up. A closed list: callers match on it. */
export const busErrorCodes = [
  'BUS_UNREACHABLE', // no server answers at the address
  'BUS_REFUSED', // the server answers but does not let us in, or has no JetStream
  'BUS_TIMEOUT', // the server, or handlers that were to finish, took longer than allowed
  'BUS_FULL', // as many messages wait as may wait, for longer than allowed
  'BUS_STORAGE', // the server has no room to keep anything more
  'BUS_CLOSED', // the bus was closed, or the connection is gone for good
  'BUS_MESSAGE', // not a message: it does not validate or is too large
  'BUS_OPTION', // a setting out of range
  'BUS_CONFLICT', // another consumer holds the name or overlapping subjects
  'BUS_ACK_WAIT', // a handler neither finished nor called working() in time: the message was given away
] as const;
/** One of {@link busErrorCodes}. */
export type BusErrorCode = (typeof busErrorCodes)[number];

/** An error of the bus; the message says where, which rule and what was got. */
export class BusError extends PrimatrixError {
  declare readonly code: BusErrorCode;

  constructor(code: BusErrorCode, rule: string, options: ErrorOptions & { fields?: ErrorFields; hint?: string } = {}) {
    super(code, `messaging: ${rule}`, options);
  }
}

// What both buses throw in the same words.

export function closedError(cause?: unknown): BusError {
  return new BusError('BUS_CLOSED', 'the bus is closed', { cause });
}

export function conflictError(durable: string, wanted: string, rule: string, cause?: unknown): BusError {
  return new BusError('BUS_CONFLICT', `consume: '${durable}' cannot take ${wanted}: ${rule}`, {
    cause,
    fields: { durable, filter: wanted },
    hint: 'work has one durable: use another name, another filter, or the same of both',
  });
}
