import { jetstream, JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { connect, errors, headers } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DeadLetter, Message } from '@primatrix/contracts';
import { deadLetterSubject, filterOf } from '@primatrix/contracts';
import { traceHeaders, type TraceContext } from '@primatrix/telemetry';
import { BusError, closedError } from './bus-error.ts';
import { consumeSettings } from './bus.ts';
import type { Bus, BusOptions, ConsumeOptions, Consumption, Handler } from './bus.ts';
import { withDeadline } from './handler-pool.ts';
import { ensureStreams, streamNames, streamOf } from './jetstream-layout.ts';
import { Lifecycle } from './lifecycle.ts';
import { isNoRoom, isQueueFull, noRoomError } from './no-room.ts';
import { PullConsumption } from './pull-consumption.ts';
import { encodeMessage } from './wire-message.ts';

const connectTimeoutMs = 5_000;
const requestTimeoutMs = 5_000;
/** One try of a publish, repeated until its own time is over; short, since one that a lost connection swallows only ends by this. */
const publishTryMs = 2_000;
const retryPauseMs = 100;
const disconnectTimeoutMs = 2_000;
/** How often those who wait are told why. */
const tellEveryMs = 60_000;

type Settings = Required<Omit<BusOptions, 'replicas'>> & { readonly replicas: number | undefined };

/** The bus over NATS JetStream: messages outlive processes, servers and connections. */
export class JetStreamBus implements Bus {
  /** For what is not messages: records, objects, announcements. It ends with the bus. */
  readonly connection: NatsConnection;
  /** Of what is opened over the connection; see {@link BusOptions}. */
  readonly replicas: number | undefined;
  private readonly inboxPrefix: string;
  private readonly options: Settings;
  private readonly client: JetStreamClient;
  private readonly manager: JetStreamManager;
  private readonly lifecycle = new Lifecycle();
  private readonly pulls = new Map<PullConsumption, (error: BusError) => void>();
  private up = true;
  private toldAt = -Infinity;

  private constructor(connection: NatsConnection, manager: JetStreamManager, inboxPrefix: string, options: Settings) {
    this.connection = connection;
    this.inboxPrefix = inboxPrefix;
    this.manager = manager;
    this.client = jetstream(connection, { timeout: requestTimeoutMs });
    this.options = options;
    this.replicas = options.replicas;
    void this.followConnection();
  }

  /**
   * Connects and makes the streams that are missing.
   * @param url `nats://[user:password@]host:port`; of a cluster several with commas between them, any of which will do
   * @throws BusError BUS_UNREACHABLE, BUS_REFUSED, BUS_STORAGE
   */
  static async connect(url: string, options: BusOptions = {}): Promise<JetStreamBus> {
    const settings: Settings = {
      replicas: undefined,
      publishTimeoutMs: 60_000,
      closeGraceMs: 30_000,
      duplicateWindowMs: 120_000,
      capacity: 100_000,
      onWait: () => {},
      ...options,
    };
    const { servers, credentials } = readUrls(url);
    const server = servers.join(', ');
    const inboxPrefix = inboxOf(credentials.user);
    const unreachable = (cause: unknown) =>
      new BusError('BUS_UNREACHABLE', `NATS not reachable at ${server}`, {
        cause,
        fields: { server },
        hint: 'start one or unset NATS_URL',
      });
    const refused = (cause: unknown) =>
      new BusError(
        'BUS_REFUSED',
        `NATS at ${server} refuses: ${cause instanceof Error ? cause.message : String(cause)}`,
        {
          cause,
          fields: { server },
          hint: 'check the credentials, and that the server runs with JetStream (nats-server -js)',
        },
      );

    // Reconnecting goes on for ever, every quarter of a second; what waits for it has time limits of its own.
    const connection = await connect({
      servers,
      ...credentials,
      inboxPrefix,
      timeout: connectTimeoutMs,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      pingInterval: 20_000,
      // Otherwise each request makes two stack traces for the case that it fails: a fifth of the throughput.
      noAsyncTraces: true,
    }).catch((error: unknown) => {
      throw error instanceof errors.AuthorizationError ? refused(error) : unreachable(error);
    });
    try {
      const manager = await jetstreamManager(connection, { timeout: requestTimeoutMs });
      await ensureStreams(manager, settings);
      return new JetStreamBus(connection, manager, inboxPrefix, settings);
    } catch (error) {
      await connection.close();
      if (isNoRoom(error)) throw noRoomError(`connect: ${server}`, error);
      throw isSilence(error) || isNotReady(error) ? unreachable(error) : refused(error);
    }
  }

  /** Whether there is a server now; while there is none, it is looked for. */
  get connected(): boolean {
    return this.up && !this.connection.isClosed();
  }

  async publish(message: Message, trace?: TraceContext): Promise<{ duplicate: boolean }> {
    const { subject, data } = encodeMessage(message);
    this.lifecycle.checkPublish();
    return this.lifecycle.track(this.send(subject, data, message.id, trace));
  }

  async consume(options: ConsumeOptions, handler: Handler): Promise<Consumption> {
    const settings = consumeSettings(options);
    const filter = filterOf(options.filter);
    this.lifecycle.checkConsume();
    const pull = new PullConsumption(
      {
        connection: this.connection,
        manager: this.manager,
        inboxPrefix: this.inboxPrefix,
        keepLetter: async (letter, id, trace) => {
          await this.send(
            deadLetterSubject(letter.subject),
            new TextEncoder().encode(JSON.stringify(letter)),
            id,
            trace,
          );
        },
        lost: (error) => this.pulls.get(pull)?.(error),
      },
      streamOf(options.filter.event),
      filter,
      settings,
      handler,
    );
    await pull.start().catch((error: unknown) => {
      throw error instanceof BusError ? error : requestError(`consume: '${settings.durable}'`, error);
    });
    const { closeGraceMs } = this.options;
    const { consumption, fail } = this.lifecycle.adopt(
      settings.durable,
      closeGraceMs,
      (limitMs) => this.waiting(pull, settings.durable, limitMs),
      () => {
        this.pulls.delete(pull);
        return pull.finish(closeGraceMs);
      },
    );
    this.pulls.set(pull, fail);
    return consumption;
  }

  async deadLetters(limit = 1000): Promise<DeadLetter[]> {
    try {
      const { state } = await this.manager.streams.info(streamNames.dead);
      const letters: DeadLetter[] = [];
      if (state.messages === 0) return letters;
      for (let seq = Math.max(state.first_seq, state.last_seq - limit + 1); seq <= state.last_seq; seq++) {
        const stored = await this.manager.streams.getMessage(streamNames.dead, { seq });
        if (stored !== null) letters.push(stored.json<DeadLetter>());
      }
      return letters;
    } catch (error) {
      throw requestError('deadLetters', error);
    }
  }

  close(): Promise<void> {
    return this.lifecycle.close(async () => {
      // Without a server there is nobody to flush to; the answers it missed only make messages come again.
      await withDeadline(
        this.connection.flush().catch(() => {}),
        disconnectTimeoutMs,
      );
      await withDeadline(this.connection.close(), disconnectTimeoutMs);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async waiting(pull: PullConsumption, durable: string, limitMs: number): Promise<number> {
    // Otherwise the request would wait for the connection.
    const found = this.connected
      ? await withDeadline(pull.waiting(), limitMs).catch((error: unknown) => {
          throw requestError(`'${durable}'`, error);
        })
      : undefined;
    if (found === undefined) {
      throw new BusError('BUS_TIMEOUT', `'${durable}': no word from the server within ${limitMs} ms`);
    }
    return found;
  }

  /** Repeats a publish until the server has it: the id keeps repetitions from adding up. */
  private async send(
    subject: string,
    data: Uint8Array,
    id: string,
    trace: TraceContext | undefined,
  ): Promise<{ duplicate: boolean }> {
    const { publishTimeoutMs } = this.options;
    const deadline = performance.now() + publishTimeoutMs;
    for (;;) {
      const timeout = Math.max(1, Math.min(publishTryMs, deadline - performance.now()));
      try {
        const { duplicate } = await this.client.publish(subject, data, {
          msgID: id,
          timeout,
          ...(trace === undefined ? {} : { headers: headersOf(trace) }),
        });
        return { duplicate };
      } catch (error) {
        const full = isQueueFull(error);
        if (this.connection.isClosed()) throw closedError(error);
        if (isFinal(error) && !full && !isNoRoom(error)) throw requestError(`publish: ${subject}`, error);
        if (performance.now() + retryPauseMs >= deadline) {
          throw isNoRoom(error) ? noRoomError(`publish: ${subject}`, error) : this.waitedError(subject, full, error);
        }
        if (full || isNoRoom(error)) this.tell(error as Error);
        await new Promise((resolve) => setTimeout(resolve, retryPauseMs));
      }
    }
  }

  /** @param full whether the queue was, the last time the server answered */
  private waitedError(subject: string, full: boolean, cause: unknown): BusError {
    const { publishTimeoutMs, capacity } = this.options;
    const waited = `within ${publishTimeoutMs} ms`;
    const options = (hint: string) => ({ cause, fields: { subject }, hint });
    if (full) {
      return new BusError(
        'BUS_FULL',
        `publish: ${subject}: no room in the queue (${capacity} by default) ${waited}`,
        options('start a consumer, or find out why it stands still'),
      );
    }
    if (isWithoutJetStream(cause)) {
      return new BusError(
        'BUS_TIMEOUT',
        `publish: ${subject}: the server runs, but its JetStream did not answer ${waited}`,
        options('see the log of nats-server: it turns JetStream off where its disk is full'),
      );
    }
    return new BusError(
      'BUS_TIMEOUT',
      `publish: ${subject}: no word from the server ${waited}`,
      options('see whether the NATS server runs'),
    );
  }

  private tell({ message }: Error): void {
    const now = performance.now();
    if (now - this.toldAt < tellEveryMs) return;
    this.toldAt = now;
    this.options.onWait(`NATS takes nothing more (${message}): waiting for room`);
  }

  private async followConnection(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (type === 'disconnect' || type === 'reconnect') this.up = type === 'reconnect';
      if (type === 'reconnect') for (const pull of this.pulls.keys()) void pull.resume();
    }
    const reason = await this.connection.closed();
    for (const fail of this.pulls.values()) fail(closedError(reason));
  }
}

function headersOf({ traceparent, tracestate }: TraceContext): ReturnType<typeof headers> {
  const made = headers();
  made.set(traceHeaders.parent, traceparent);
  if (tracestate !== undefined) made.set(traceHeaders.state, tracestate);
  return made;
}

/** Whether the server went away before it could answer. */
function isSilence(error: unknown): boolean {
  return error instanceof errors.TimeoutError || error instanceof errors.ClosedConnectionError;
}

/** Whether a cluster has yet to choose who leads: it says so for some seconds after its start. */
function isNotReady(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.status === 503;
}

/** Whether there is a server, and nobody on it who keeps messages. */
function isWithoutJetStream(error: unknown): boolean {
  return (
    error instanceof errors.NoRespondersError ||
    (error instanceof Error && error.name === 'JetStreamNotEnabled') ||
    (error instanceof Error && error.cause instanceof errors.NoRespondersError)
  );
}

/** Errors that repeating does not mend: the server's refusals, except that it is not ready yet. */
function isFinal(error: unknown): boolean {
  return (
    error instanceof errors.PermissionViolationError || (error instanceof JetStreamApiError && error.status !== 503)
  );
}

function requestError(where: string, error: unknown): BusError {
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof errors.ClosedConnectionError) return closedError(error);
  if (isNoRoom(error)) return noRoomError(where, error);
  if (error instanceof JetStreamApiError) {
    return new BusError('BUS_REFUSED', `${where}: the server refuses: ${text}`, { cause: error });
  }
  return new BusError('BUS_TIMEOUT', `${where}: no word from the server within ${requestTimeoutMs} ms: ${text}`, {
    cause: error,
  });
}

/** Where answers to a user arrive: permissions can keep users apart, so that none reads what another is given. */
function inboxOf(user: string | undefined): string {
  return user === undefined ? '_INBOX' : `_INBOX.${user.replace(/[^A-Za-z0-9_-]/g, '_')}`;
}

/**
 * Addresses and credentials apart: the addresses go into messages and logs. In a list the first may say user and password for all, and
 * the scheme for those that have none.
 */
function readUrls(text: string): { servers: string[]; credentials: { user?: string; pass?: string } } {
  const wrong = (cause?: unknown) =>
    new BusError(
      'BUS_OPTION',
      'a NATS URL must read nats://[user:password@]host:port, and several have commas between them',
      {
        cause,
        hint: 'user and password are the same for all servers of a list',
      },
    );
  const given = text.split(',').map((part) => part.trim());
  const scheme = /^[a-z]+:\/\//.exec(given[0] ?? '')?.[0] ?? 'nats://';
  const parsed = given.map((part) => {
    try {
      return new URL(part.includes('://') ? part : `${scheme}${part}`);
    } catch (cause) {
      throw wrong(cause);
    }
  });
  const users = [
    ...new Set(parsed.flatMap(({ username, password }) => (username === '' ? [] : [`${username}:${password}`]))),
  ];
  if (users.length > 1 || parsed.some(({ host }) => host === '')) throw wrong();
  const [first] = parsed.filter(({ username }) => username !== '');
  const credentials =
    first === undefined ? {} : { user: decodeURIComponent(first.username), pass: decodeURIComponent(first.password) };
  return { servers: parsed.map(({ protocol, host }) => `${protocol}//${host}`), credentials };
}
