import { AckPolicy, DeliverPolicy } from '@nats-io/jetstream';
import type { ConsumerInfo, JetStreamManager } from '@nats-io/jetstream';
import { createInbox, nanos } from '@nats-io/transport-node';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { DeadLetter } from '@primatrix/contracts';
import { readTrace, traceHeaders, type TraceContext } from '@primatrix/telemetry';
import { BusError, conflictError } from './bus-error.ts';
import type { ConsumeSettings, Handler } from './bus.ts';
import type { Delivery } from './delivery.ts';
import { HandlerPool } from './handler-pool.ts';
import { apiCodes, isApiError, streamNames } from './jetstream-layout.ts';

/** How long the server may hold a request for messages, and how much later silence means that it is lost. */
const pullExpiresMs = 30_000;
const pullLostMs = pullExpiresMs + 5_000;
const repairPauseMs = 500;
/** Consumers of one durable may hold so many unanswered messages together. */
const maxAckPending = 50_000;

/** What a {@link PullConsumption} needs of its bus. */
export interface PullContext {
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
  readonly inboxPrefix: string;
  /** Keeps a dead letter under an id that makes it single. */
  keepLetter(letter: DeadLetter, id: string, trace: TraceContext | undefined): Promise<void>;
  /** The durable now belongs to somebody else: there is nothing left to take. */
  lost(error: BusError): void;
}

/**
 * Takes messages of one durable from JetStream, never more than can be handled at once: a message that waited here
 * would run out of its ack wait, and another consumer could have had it. The client library's own `consume` refills
 * before the handler is done, so the pull requests are made here.
 */
export class PullConsumption {
  readonly pool: HandlerPool;
  private readonly context: PullContext;
  private readonly stream: string;
  private readonly filter: string;
  private readonly inbox: string;
  private subscription: Subscription | undefined;
  /** Messages that the server may still send on our requests. */
  private outstanding = 0;
  /** Messages that came on a request given up for lost: they wait for a free place. */
  private readonly surplus: Delivery[] = [];
  private pullPlanned = false;
  private repairing = false;
  private stopped = false;
  private watch: NodeJS.Timeout | undefined;

  constructor(context: PullContext, stream: string, filter: string, settings: ConsumeSettings, handler: Handler) {
    this.context = context;
    this.inbox = createInbox(context.inboxPrefix);
    this.stream = stream;
    this.filter = filter;
    this.pool = new HandlerPool(settings, handler, () => this.onFree());
  }

  /** Makes the durable, or takes up the one that is there, and begins. @throws BusError BUS_CONFLICT */
  async start(): Promise<void> {
    await this.ensureDurable();
    const callback = (_error: Error | null, message: Msg) => this.onMessage(message);
    this.subscription = this.context.connection.subscribe(this.inbox, { callback });
    this.pull();
  }

  /** Takes no more messages and waits for the handlers; returns how many it gave up. */
  async finish(graceMs: number): Promise<number> {
    this.stopped = true;
    clearTimeout(this.watch);
    for (const delivery of this.surplus.splice(0)) delivery.retry(0);
    // Draining tells the server first, so that what is already on its way still comes and can be handed back.
    void this.subscription?.drain().catch(() => {});
    return this.pool.finish(graceMs);
  }

  /** Asks anew after the connection was lost: requests die with it. */
  async resume(): Promise<void> {
    this.outstanding = 0;
    await this.repair();
  }

  /** Messages that wait or are being worked on. */
  async waiting(): Promise<number> {
    const { num_pending, num_ack_pending } = await this.context.manager.consumers.info(
      this.stream,
      this.pool.settings.durable,
    );
    return num_pending + num_ack_pending;
  }

  private async ensureDurable(): Promise<void> {
    const { consumers } = this.context.manager;
    const { durable, ackWaitMs, from } = this.pool.settings;
    let info: ConsumerInfo | undefined;
    try {
      info = await consumers.info(this.stream, durable);
    } catch (error) {
      if (!isApiError(error, apiCodes.consumerNotFound)) throw error;
    }
    const held = info?.config.filter_subject;
    if (held !== undefined && held !== this.filter) {
      throw conflictError(durable, this.filter, `'${durable}' takes ${held}`);
    }
    if (info?.config.ack_wait === nanos(ackWaitMs)) return;
    const config = {
      durable_name: durable,
      filter_subject: this.filter,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: from === 'now' && this.stream === streamNames.news ? DeliverPolicy.New : DeliverPolicy.All,
      ack_wait: nanos(ackWaitMs),
      // Counted here: a message past the server's own limit would lie in the stream for ever, unseen.
      max_deliver: -1,
      max_ack_pending: maxAckPending,
    };
    try {
      await (info === undefined
        ? consumers.add(this.stream, config)
        : consumers.update(this.stream, durable, { ack_wait: config.ack_wait }));
    } catch (error) {
      if (!isApiError(error, apiCodes.filterNotUnique)) throw error;
      throw conflictError(durable, this.filter, 'another durable takes some of it', error);
    }
  }

  private onFree(): void {
    if (this.stopped) return;
    const waiting = this.surplus.shift();
    if (waiting !== undefined) this.pool.start(waiting);
    if (this.pullPlanned) return;
    // Once a turn: messages that come together are often done together.
    this.pullPlanned = true;
    setImmediate(() => {
      this.pullPlanned = false;
      this.pull();
    });
  }

  private pull(): void {
    const { connection } = this.context;
    const { durable, concurrency } = this.pool.settings;
    const wanted = this.pool.free - this.outstanding - this.surplus.length;
    // While requests are open, small ones would only add to the traffic.
    if (this.stopped || connection.isClosed() || wanted < (this.outstanding > 0 ? Math.ceil(concurrency / 4) : 1)) {
      return;
    }
    this.outstanding += wanted;
    const request = JSON.stringify({ batch: wanted, expires: nanos(pullExpiresMs) });
    connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${this.stream}.${durable}`, request, { reply: this.inbox });
    clearTimeout(this.watch);
    this.watch = setTimeout(() => void this.resume(), pullLostMs);
  }

  private onMessage(message: Msg): void {
    this.watch?.refresh();
    if (message.subject === this.inbox) return this.onStatus(message);
    this.outstanding = Math.max(0, this.outstanding - 1);
    const delivery = this.deliveryOf(message);
    if (this.stopped) delivery.retry(0);
    else if (this.pool.free > 0) this.pool.start(delivery);
    else this.surplus.push(delivery);
  }

  /** The server's word on a request: it ran out, or something is wrong. */
  private onStatus({ headers }: Msg): void {
    if (this.stopped || headers === undefined || headers.code === 100) return;
    const left = Number(headers.get('Nats-Pending-Messages'));
    this.outstanding = left > 0 ? Math.max(0, this.outstanding - left) : 0;
    if (headers.code === 408) this.pull();
    else void this.repair();
  }

  /** Goes on trying until the durable is there again and asked. */
  private async repair(): Promise<void> {
    if (this.repairing) return;
    this.repairing = true;
    while (!this.stopped && !this.context.connection.isClosed()) {
      try {
        await this.ensureDurable();
        break;
      } catch (error) {
        if (error instanceof BusError && error.code === 'BUS_CONFLICT') {
          this.stopped = true;
          this.context.lost(error);
          break;
        }
        await new Promise((resolve) => setTimeout(resolve, repairPauseMs));
      }
    }
    this.repairing = false;
    this.pull();
  }

  private deliveryOf(message: Msg): Delivery {
    const answer = (text: string) => {
      // A lost answer means that the message comes again, which everybody must stand anyway.
      if (!this.context.connection.isClosed()) message.respond(text);
    };
    const { attempt, sequence } = positionOf(message.reply ?? '');
    const trace = readTrace(message.headers?.get(traceHeaders.parent), message.headers?.get(traceHeaders.state));
    return {
      subject: message.subject,
      data: message.data,
      attempt,
      trace,
      ack: () => answer('+ACK'),
      working: () => answer('+WPI'),
      retry: (pauseMs) => answer(pauseMs > 0 ? `-NAK {"delay": ${nanos(pauseMs)}}` : '-NAK'),
      // The server keeps the time itself.
      lapse: () => {},
      bury: async (letter) => {
        await this.context.keepLetter(letter, `${this.stream}.${this.pool.settings.durable}.${sequence}`, trace);
        answer('+TERM');
      },
    };
  }
}

/**
 * Delivery count and stream sequence, which JetStream writes into the reply subject:
 * `$JS.ACK.[<domain>.<account>.]<stream>.<consumer>.<count>.<sequence>.…`
 */
function positionOf(reply: string): { attempt: number; sequence: number } {
  const tokens = reply.split('.');
  const at = tokens.length === 9 ? 4 : 6;
  return { attempt: Number(tokens[at]), sequence: Number(tokens[at + 1]) };
}
