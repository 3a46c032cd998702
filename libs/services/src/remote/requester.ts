import { setMaxListeners } from 'node:events';
import { workContextSchema, type Message } from '@primatrix/contracts';
import { messageIdOf, type Bus, type Records } from '@primatrix/messaging';
import { inSpan, type TraceContext } from '@primatrix/telemetry';
import { spanAttributes } from '../telemetry/span-attributes.ts';

/** A request without what every one of a run has. */
export interface Question {
  readonly stage: Message['stage'];
  readonly family: string;
  /** Name of the part within its bundle. */
  readonly part: string;
  readonly release: string;
  readonly clipId: string | null;
  readonly payload: Message['payload'];
  /** What tells this work from other work of the part. */
  readonly inputs: unknown;
  /** Whether an answer that is kept is of no use, as what it refers to is lost; default false. */
  readonly anew?: boolean;
  /** What the question follows from; absent: a trace begins with it. */
  readonly trace?: TraceContext | undefined;
}

/** How often an answer is looked for that did not come by itself, milliseconds. */
const lookMs = 15_000;
/**
 * After so long without any answer it is asked whether answers can be kept at all; twice, as there may be room again.
 */
const usualSilenceMs = 30_000;

/** Somebody who waits for an answer. */
interface Waiting {
  readonly take: (answer: Message) => void;
  readonly fail: (reason: Error) => void;
}

/**
 * Puts requests on the bus and waits for their answers, which are kept by key: who asks the same again, after a crash
 * too, gets the same answer without the work being done again, unless it was a failure. Where answers cannot be kept
 * any more, because the server is full, those who wait are told.
 */
export class Requester implements AsyncDisposable {
  private readonly bus: Bus;
  private readonly answers: Records<Message>;
  private readonly run: string;
  private readonly origin: {
    readonly bundle: string;
    readonly datasetId: string;
    readonly producer: Message['producer'];
  };
  private readonly waiting = new Map<string, Waiting>();
  private readonly stop = new AbortController();
  private readonly watching: Promise<void>;
  private readonly room: NodeJS.Timeout;
  /** Whether an answer has come since it was last asked whether there is room. */
  private heard = false;
  private refusals = 0;

  /**
   * @param run one word that is the same when the same work is asked for again
   * @param silenceMs after how long without an answer it is asked whether there is room for any
   */
  constructor(
    bus: Bus,
    answers: Records<Message>,
    run: string,
    origin: Requester['origin'],
    { silenceMs = usualSilenceMs } = {},
  ) {
    this.bus = bus;
    this.answers = answers;
    this.run = run;
    this.origin = origin;
    this.watching = answers.watch(`${run}.*`, ({ key, value }) => this.waiting.get(key)?.take(value), this.stop.signal);
    // Without the watch, answers are still looked for.
    this.watching.catch(() => {});
    this.room = setInterval(() => void this.lookForRoom(), silenceMs);
    this.room.unref();
  }

  /** @throws the signal's reason; BusError, BUS_STORAGE where the server is full */
  async ask(
    { stage, family, part, release, clipId, payload, inputs, anew = false, trace: parent }: Question,
    signal?: AbortSignal,
  ): Promise<Message> {
    const parts = { stage, family, event: 'requested' } as const;
    const work = { ...parts, inputs, settings: { part, release, run: this.run } };
    const key = `${this.run}.${messageIdOf(work)}`;
    const before = await this.answers.get(key);
    if (before !== undefined && before.value.event === 'ready' && !anew) return before.value;
    // The old answer stays until the new one takes its place: who is killed here counts on from the same round.
    const round =
      before === undefined ? 0 : (workContextSchema.safeParse(before.value.payload['context']).data?.round ?? 0) + 1;
    const { bundle, datasetId, producer } = this.origin;
    const message: Message = {
      schemaVersion: 1,
      id: messageIdOf({ ...work, settings: { ...work.settings, round } }),
      ...parts,
      release,
      datasetId,
      clipId,
      producer,
      payload: { ...payload, context: { bundle, key, part, round, keep: true } },
      failure: null,
      timings: {},
    };
    return inSpan(
      `ask ${part}`,
      { kind: 'client', parent, attributes: spanAttributes(message, part) },
      async ({ trace }) => {
        const answer = this.answerFor(key, round, signal);
        try {
          await this.bus.publish(message, trace);
          return await answer.promise;
        } finally {
          answer.forget();
        }
      },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop.abort();
    clearInterval(this.room);
    await this.watching.catch(() => {});
  }

  private async lookForRoom(): Promise<void> {
    const quiet = !this.heard;
    this.heard = false;
    if (this.waiting.size === 0 || !quiet) return void (this.refusals = 0);
    const full = await this.answers.noRoom();
    this.refusals = full === undefined ? 0 : this.refusals + 1;
    if (full !== undefined && this.refusals > 1) for (const { fail } of this.waiting.values()) fail(full);
  }

  private answerFor(
    key: string,
    round: number,
    signal: AbortSignal | undefined,
  ): { promise: Promise<Message>; forget: () => void } {
    let forget = () => {};
    const promise = new Promise<Message>((resolve, reject) => {
      const take = (answer: Message) => {
        this.heard = true;
        if (workContextSchema.safeParse(answer.payload['context']).data?.round === round) resolve(answer);
      };
      const onAbort = () => reject(signal?.reason as Error);
      const look = setInterval(
        () =>
          void this.answers.get(key).then(
            (found) => found !== undefined && take(found.value),
            () => {},
          ),
        lookMs,
      );
      this.waiting.set(key, { take, fail: reject });
      // One signal for all that is asked at once.
      if (signal !== undefined) setMaxListeners(0, signal);
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted === true) onAbort();
      forget = () => {
        clearInterval(look);
        this.waiting.delete(key);
        signal?.removeEventListener('abort', onAbort);
      };
    });
    promise.catch(() => {});
    return { promise, forget };
  }
}
