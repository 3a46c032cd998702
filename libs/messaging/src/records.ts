import { jetstream, JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import type { KV } from '@nats-io/kv';
import { errors } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import { BusError } from './bus-error.ts';
import { apiCodes, isApiError, setReplicas } from './jetstream-layout.ts';
import { isNoRoom, noRoomError } from './no-room.ts';

/** A record and the revision under which it was read. */
export interface RecordEntry<T> {
  readonly key: string;
  readonly value: T;
  readonly revision: number;
}

/** One try, repeated until the patience is over; short, since one that a lost connection swallows only ends by this. */
const tryMs = 2_000;
const retryPauseMs = 200;
const patienceMs = 60_000;

/**
 * JSON records by key in a bucket of NATS KV, which outlive processes and server restarts. Keys are words joined by dots;
 * where a key is asked for as a filter, `*` stands for one word and `>` for the rest. While there is no server, calls
 * wait for it, a minute at most.
 */
export class Records<T> {
  private readonly kv: KV;
  private readonly bucket: string;

  private constructor(kv: KV, bucket: string) {
    this.kv = kv;
    this.bucket = bucket;
  }

  /**
   * Opens a bucket, which is made where it is missing; its records are forgotten `ttlMs` after they were last written.
   * @param options.replicas as of `BusOptions`
   */
  static async open<T>(
    connection: NatsConnection,
    bucket: string,
    { ttlMs, replicas }: { readonly ttlMs: number; readonly replicas?: number | undefined },
  ): Promise<Records<T>> {
    // Not `allow_direct`: replicas that lag behind would say that a record just written is not there.
    const kv = await persistently(`${bucket}: open`, () =>
      new Kvm(jetstream(connection, { timeout: tryMs })).create(bucket, {
        ttl: ttlMs,
        history: 1,
        timeout: tryMs,
        allow_direct: false,
        replicas: replicas ?? 1,
      }),
    );
    await persistently(`${bucket}: open`, async () =>
      setReplicas(await jetstreamManager(connection, { timeout: tryMs }), `KV_${bucket}`, replicas),
    );
    return new Records(kv, bucket);
  }

  async get(key: string): Promise<RecordEntry<T> | undefined> {
    const entry = await this.call(key, () => this.kv.get(key));
    return entry === null || entry.operation !== 'PUT'
      ? undefined
      : { key, value: entry.json<T>(), revision: entry.revision };
  }

  /** Writes a record that is not there yet. Undefined where there is one, which may be this very one after a lost answer. */
  async create(key: string, value: T): Promise<RecordEntry<T> | undefined> {
    return this.unlessChanged(key, value, (text) => this.kv.create(key, text));
  }

  /** Writes a record, whatever was there. */
  async put(key: string, value: T): Promise<void> {
    await this.call(key, () => this.kv.put(key, JSON.stringify(value)));
  }

  /**
   * Whether the bucket takes another record: one is written under a key of its own, which no filter of words matches
   * that has more of them. That nobody answers, or that it is not allowed, says nothing of room.
   * @returns what the server says against it, as an error BUS_STORAGE
   */
  async noRoom(): Promise<BusError | undefined> {
    try {
      await this.kv.put('room', '{}');
      return undefined;
    } catch (error) {
      return isNoRoom(error) ? noRoomError(`records: ${this.bucket}`, error) : undefined;
    }
  }

  /** Replaces a record that nobody changed since it was read or written. Undefined where somebody did. */
  async update({ key, value, revision }: RecordEntry<T>): Promise<RecordEntry<T> | undefined> {
    return this.unlessChanged(key, value, (text) => this.kv.update(key, text, revision));
  }

  async remove(key: string): Promise<void> {
    await this.call(key, () => this.kv.purge(key));
  }

  /** Keys of the records that match. */
  async keys(filter: string): Promise<string[]> {
    return this.call(filter, async () => {
      const keys: string[] = [];
      for await (const key of await this.kv.keys(filter)) keys.push(key);
      return keys;
    });
  }

  /** Calls `onEntry` for every record that matches: those there are, then each that is written; until the signal aborts. */
  async watch(filter: string, onEntry: (entry: RecordEntry<T>) => void, signal: AbortSignal): Promise<void> {
    const entries = await this.call(filter, () => this.kv.watch({ key: filter }));
    const stop = () => entries.stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      for await (const entry of entries) {
        if (signal.aborted) return;
        if (entry.operation === 'PUT') onEntry({ key: entry.key, value: entry.json<T>(), revision: entry.revision });
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  private call<R>(key: string, work: () => Promise<R>): Promise<R> {
    return persistently(`${this.bucket}: ${key}`, work);
  }

  private async unlessChanged(
    key: string,
    value: T,
    write: (text: string) => Promise<number>,
  ): Promise<RecordEntry<T> | undefined> {
    const text = JSON.stringify(value);
    try {
      return { key, value, revision: await this.call(key, () => write(text)) };
    } catch (error) {
      if (error instanceof BusError && isApiError(error.cause, apiCodes.wrongLastSequence)) return undefined;
      throw error;
    }
  }
}

/** Repeats a call until the server answers it. @throws BusError BUS_TIMEOUT, BUS_REFUSED, BUS_STORAGE, BUS_CLOSED */
async function persistently<R>(where: string, call: () => Promise<R>): Promise<R> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (error instanceof errors.ClosedConnectionError) {
        throw new BusError('BUS_CLOSED', `records: ${where}: the connection is closed`, { cause: error });
      }
      // 503: the server is not ready yet.
      if (isNoRoom(error) && performance.now() > deadline) throw noRoomError(`records: ${where}`, error);
      const answer = error instanceof JetStreamApiError && error.status !== 503 && !isNoRoom(error);
      if (answer || performance.now() > deadline) {
        throw new BusError(
          answer ? 'BUS_REFUSED' : 'BUS_TIMEOUT',
          `records: ${where}: ${error instanceof Error ? error.message : String(error)}`,
          { cause: error },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, retryPauseMs));
    }
  }
}
