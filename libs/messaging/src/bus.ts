import type { DeadLetter, DeadLetterReason, Message, SubjectFilter } from '@primatrix/contracts';
import { familyPattern } from '@primatrix/contracts';
import type { TraceContext } from '@primatrix/telemetry';
import { BusError } from './bus-error.ts';

/** What a handler may do besides its work. */
export interface Delivered {
  /** 1 when the message comes for the first time. */
  readonly attempt: number;
  /** The trace that the message belongs to, the same each time it comes; absent where its publisher named none. */
  readonly trace: TraceContext | undefined;
  /**
   * Aborted when the message is no longer this handler's: `ackWaitMs` went by without {@link working}, or the bus
   * closes and the time for that is over. What the handler does after that counts for nothing.
   */
  readonly signal: AbortSignal;
  /** Says that work goes on: `ackWaitMs` begins anew. */
  working(): void;
}

/**
 * Does the work of one message. The message is acknowledged when the promise resolves, so outputs must be stored
 * by then; it comes again when the promise rejects, and may come again at any time: doing it twice must be harmless.
 */
export type Handler = (message: Message, delivered: Delivered) => Promise<void>;

/** How one delivery ended, for those who watch. */
export interface DeliveryEnd {
  /** `retried`: its handler failed; `lapsed`: nobody answered in time. Both come again; `dead` was put aside. */
  readonly kind: 'done' | 'retried' | 'lapsed' | 'dead';
  /** Of dead letters: why, as a word. */
  readonly reason?: DeadLetterReason;
  /** Why it is not done, in words. */
  readonly detail?: string;
  readonly attempt: number;
  /** Since the message came. */
  readonly durationMs: number;
  /** Undefined where it is none. */
  readonly message: Message | undefined;
  readonly trace: TraceContext | undefined;
}

/** Which messages to take and how. */
export interface ConsumeOptions {
  readonly filter: SubjectFilter;
  /**
   * Name of the place in the queue, lower-case words joined by hyphens. Consumers that share it share the work; one
   * that comes back after a crash goes on where it was.
   */
  readonly durable: string;
  /** Messages handled at once; default 1. */
  readonly concurrency?: number;
  /** How long a handler may be silent before the message is given to another, milliseconds; default 30,000, at least 100. */
  readonly ackWaitMs?: number;
  /** Deliveries before a message becomes a dead letter; default 5. */
  readonly maxDeliver?: number;
  /** Pause before each redelivery after a failure, milliseconds; the last one repeats; default 1,000, 5,000, 30,000. */
  readonly backoffMs?: readonly number[];
  /** Of announcements: a durable that is new begins with those `kept` from before it (default), or with those of `now`. */
  readonly from?: 'kept' | 'now';
  /**
   * Called before a message that validates is put aside, so that those who wait for its outcome can be told. It comes
   * again if this rejects.
   */
  readonly onDeadLetter?: (letter: DeadLetter, message: Message, trace: TraceContext | undefined) => Promise<void>;
  /** Called after each delivery. What it throws is not heard. */
  readonly onEnd?: (end: DeliveryEnd) => void;
}

/** A running consumer. */
export interface Consumption {
  readonly durable: string;
  /**
   * Messages of the durable that wait or are being worked on, by all of its consumers.
   * @param limitMs how long the server may take to say so
   * @throws BusError BUS_TIMEOUT, BUS_CLOSED; BUS_REFUSED where the durable is gone
   */
  waiting(limitMs: number): Promise<number>;
  /** Takes no more messages and waits for the handlers that run. Messages not finished by then come again to others. */
  stop(): Promise<void>;
  /** Resolves once stopped; rejects with a BusError when the connection, or the durable, is gone for good. */
  readonly ended: Promise<void>;
}

/**
 * Where stages meet. `requested` messages are a work queue: each belongs to the one durable whose filter matches (no
 * two may overlap) and waits for it. `ready` and `failed` messages are announcements: every durable gets each of
 * them once, those published before it first came too, as far as they are still kept. At least once, never silently
 * lost: what cannot be handled ends as a dead letter.
 */
export interface Bus extends AsyncDisposable {
  /**
   * Puts a message on its subject and resolves once it is kept. A message whose id was published to the same stream
   * a short while ago (two minutes by default) is dropped, and `duplicate` says so, whatever trace it came with.
   * @param trace travels beside the message, to whoever takes it
   * @throws BusError BUS_MESSAGE at once; BUS_FULL, BUS_STORAGE, BUS_TIMEOUT or BUS_CLOSED after the publish time-out
   */
  publish(message: Message, trace?: TraceContext): Promise<{ readonly duplicate: boolean }>;
  /** @throws BusError BUS_OPTION, BUS_CONFLICT, BUS_TIMEOUT, BUS_CLOSED */
  consume(options: ConsumeOptions, handler: Handler): Promise<Consumption>;
  /** The latest dead letters, oldest first; they stay where they are. */
  deadLetters(limit?: number): Promise<DeadLetter[]>;
  /**
   * Stops every consumer, waits for handlers that run (they may still publish), then for publishes, and disconnects.
   * Doing so twice is harmless.
   * @throws BusError BUS_TIMEOUT when handlers go on for longer than the grace period; their messages come again
   */
  close(): Promise<void>;
}

/** Settings that both buses have. */
export interface BusOptions {
  /** How long a publish may wait, for room or for the server, milliseconds; default 60,000. */
  readonly publishTimeoutMs?: number;
  /** How long closing waits for handlers, milliseconds; default 30,000. */
  readonly closeGraceMs?: number;
  /** How long message ids are remembered, milliseconds; default 120,000. */
  readonly duplicateWindowMs?: number;
  /** Most messages that may wait; default 10,000 for each durable in process, 100,000 for each subject of work on JetStream. */
  readonly capacity?: number;
  /**
   * Copies that a cluster of servers keeps of streams and of what is opened with them, an odd number up to 5. Default: one of what is made,
   * and what is there stays as it is.
   */
  readonly replicas?: number;
  /** Told, once a minute at most, why a publish has to wait for room. */
  readonly onWait?: (reason: string) => void;
}

/** {@link ConsumeOptions} with every default filled in. */
export interface ConsumeSettings {
  readonly durable: string;
  readonly concurrency: number;
  readonly ackWaitMs: number;
  readonly maxDeliver: number;
  readonly backoffMs: readonly number[];
  readonly from: 'kept' | 'now';
  readonly onDeadLetter: ConsumeOptions['onDeadLetter'];
  readonly onEnd: ConsumeOptions['onEnd'];
}

/** Fills in the defaults. @throws BusError BUS_OPTION */
export function consumeSettings(options: ConsumeOptions): ConsumeSettings {
  const {
    durable,
    concurrency = 1,
    ackWaitMs = 30_000,
    maxDeliver = 5,
    backoffMs = [1_000, 5_000, 30_000],
    from = 'kept',
    onDeadLetter,
    onEnd,
  } = options;
  if (!familyPattern.test(durable)) throw optionError('durable', 'lower-case words joined by hyphens', durable);
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw optionError('concurrency', 'a whole number of at least 1', concurrency);
  }
  if (!Number.isInteger(ackWaitMs) || ackWaitMs < 100) {
    throw optionError('ackWaitMs', 'a whole number of at least 100', ackWaitMs);
  }
  if (!Number.isInteger(maxDeliver) || maxDeliver < 1) {
    throw optionError('maxDeliver', 'a whole number of at least 1', maxDeliver);
  }
  if (!backoffMs.every((pause) => Number.isInteger(pause) && pause >= 0)) {
    throw optionError('backoffMs', 'whole numbers of at least 0', backoffMs.join(', '));
  }
  return { durable, concurrency, ackWaitMs, maxDeliver, backoffMs, from, onDeadLetter, onEnd };
}

function optionError(name: string, rule: string, got: string | number): BusError {
  return new BusError('BUS_OPTION', `consume: ${name} must be ${rule}, got '${got}'`, { fields: { name, got } });
}
