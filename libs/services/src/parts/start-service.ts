import { filterOf, workContextSchema } from '@primatrix/contracts';
import type { Message, Producer, TensorRef } from '@primatrix/contracts';
import { announce, JetStreamBus, messageIdOf } from '@primatrix/messaging';
import type { Bus, Records } from '@primatrix/messaging';
import { inSpan, type TraceContext } from '@primatrix/telemetry';
import type { BundlePart } from './bundle-parts.ts';
import type { ServiceWatch } from '../telemetry/service-watch.ts';
import { spanAttributes } from '../telemetry/span-attributes.ts';

/** What came of a piece of work: references to what was stored, and facts of a few kB at most. */
export interface WorkResult {
  readonly tensors?: Readonly<Record<string, TensorRef>>;
  /** Further members of the answer's payload. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Set where there is no output for these inputs, however often they are tried. */
  readonly failure?: { readonly code: string; readonly message: string };
}

/** One part of a bundle, opened and ready to work. */
export interface ServedPart {
  readonly part: BundlePart;
  readonly producer: Producer;
  /**
   * Does one piece of work; outputs are stored when it resolves. A rejection means that it may go well another time.
   * @param signal aborted when the work was given to another
   * @param advanced says that the work has come further: {@link ServiceOptions.limitMs} begins anew
   */
  work(request: Message, signal: AbortSignal, advanced?: () => void): Promise<WorkResult>;
  dispose(): Promise<void>;
}

/** How a service takes its work from the bus: how much at once, how long, how often. */
export interface ServiceOptions {
  readonly bus: Bus;
  /** Where answers are kept that are asked for by key. */
  readonly answers?: Records<Message>;
  /** Pieces of work at once; default 1. */
  readonly concurrency?: number;
  /** How long a worker may be silent before its work is given to another, milliseconds; default 30,000. */
  readonly ackWaitMs?: number;
  /** Deliveries before a piece of work becomes a dead letter; default 5. */
  readonly maxDeliver?: number;
  readonly backoffMs?: readonly number[];
  /** How long one piece of work may go without coming further, milliseconds; default 30 minutes. After that it counts as hung. */
  readonly limitMs?: number;
  /** Who counts the work and writes it down. */
  readonly watch?: ServiceWatch;
}

/** A running service. */
export interface Service {
  readonly part: BundlePart;
  /** Resolves once stopped; rejects when the connection, or the queue, is gone for good. */
  readonly ended: Promise<void>;
  /** Takes no more work, waits for what is under way, and withdraws the announcement. */
  stop(): Promise<void>;
}

/**
 * Turns one part of a bundle into a service: it takes `primatrix.v1.<stage>.<family>.requested.<release>`, works, and
 * answers `ready` or `failed`. A request is acknowledged after its output is stored and its answer is published; what
 * fails comes again, after `maxDeliver` times as a dead letter and an answer that says so. On NATS it announces itself.
 * Requests and answers are of one trace.
 */
export async function startService(served: ServedPart, options: ServiceOptions): Promise<Service> {
  const { part, producer } = served;
  const { bus, ackWaitMs = 30_000, limitMs = 30 * 60_000 } = options;
  const watch = options.watch?.of({
    stage: part.stage,
    family: part.family,
    part: part.name,
    version: producer.version,
    release: part.release,
  });
  const counts = { handled: 0, failed: 0, deadLetters: 0 };
  const answer = async (
    request: Message,
    result: WorkResult,
    timings: Message['timings'],
    trace: TraceContext | undefined,
  ) => {
    const message = answerTo(request, producer, result, timings);
    const context = workContextSchema.safeParse(request.payload['context']);
    if (context.data?.keep === true) await options.answers?.put(context.data.key, message);
    await bus.publish(message, trace);
  };
  const filter = { stage: part.stage, family: part.family, event: 'requested', release: part.release } as const;
  const consumption = await bus.consume(
    {
      filter,
      durable: durableOf(part),
      ackWaitMs,
      concurrency: options.concurrency ?? 1,
      ...(options.maxDeliver === undefined ? {} : { maxDeliver: options.maxDeliver }),
      ...(options.backoffMs === undefined ? {} : { backoffMs: options.backoffMs }),
      onDeadLetter: async ({ reason, detail }, request, trace) => {
        counts.deadLetters += 1;
        await answer(request, { failure: { code: reason, message: detail } }, {}, trace);
      },
      ...(watch === undefined ? {} : { onEnd: (end) => watch.delivered(end) }),
    },
    (request, { signal, working, attempt, trace: parent }) =>
      inSpan(
        `${part.stage} ${part.name}`,
        {
          kind: 'consumer',
          parent,
          attributes: {
            ...spanAttributes(request, part.name),
            'primatrix.release': part.release,
            'primatrix.attempt': attempt,
          },
        },
        async ({ trace, set }) => {
          const start = performance.now();
          let last = start;
          const heartbeat = setInterval(() => {
            // A worker that hangs for ever must not keep its message for ever.
            if (performance.now() - last < limitMs) working();
          }, ackWaitMs / 3);
          try {
            const result = await served.work(request, signal, () => (last = performance.now()));
            signal.throwIfAborted();
            const durationMs = performance.now() - start;
            await answer(request, result, { workMs: durationMs }, trace);
            counts[result.failure === undefined ? 'handled' : 'failed'] += 1;
            if (result.failure !== undefined) set({ 'primatrix.failure': result.failure.code });
            watch?.answered(request, { failure: result.failure, trace, attempt, durationMs });
          } finally {
            clearInterval(heartbeat);
          }
        },
      ),
  );
  watch?.takesFrom(consumption);
  options.watch?.readiness.serves(part.name);
  const announced =
    bus instanceof JetStreamBus
      ? await announce(bus.connection, announcementOf(served, filterOf(filter)), () => counts)
      : undefined;
  return {
    part,
    ended: consumption.ended,
    async stop() {
      await announced?.stop();
      await consumption.stop();
    },
  };
}

/** The durable consumer that all workers of a release share. */
export function durableOf({ stage, family, release }: Pick<BundlePart, 'stage' | 'family' | 'release'>): string {
  return `${stage}-${family}-${release}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/-+$/, '');
}

/** The answer to a request. The same work by the same producer has the same answer's id. */
export function answerTo(
  request: Message,
  producer: Producer,
  { tensors = {}, facts = {}, failure }: WorkResult,
  timings: Message['timings'],
): Message {
  const event = failure === undefined ? 'ready' : 'failed';
  const { stage, family, datasetId, clipId } = request;
  return {
    schemaVersion: 1,
    id: messageIdOf({ stage, family, event, inputs: request.id, settings: producer }),
    stage,
    family,
    event,
    datasetId,
    clipId,
    producer,
    payload: { ...facts, tensors: { ...tensors }, files: {}, context: request.payload['context'] },
    failure: failure ?? null,
    timings,
  };
}

function announcementOf({ part, producer }: ServedPart, subject: string) {
  const { stage, name, release, contract } = part;
  return {
    name: part.family,
    version: producer.version,
    description: `${stage}: ${name}`,
    metadata: { stage, part: name, release, contract, model: producer.modelDigest ?? 'none', subject },
  };
}
