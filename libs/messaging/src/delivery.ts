import type { DeadLetter, DeadLetterReason, Message } from '@primatrix/contracts';
import type { TraceContext } from '@primatrix/telemetry';
import { BusError } from './bus-error.ts';
import type { ConsumeSettings, DeliveryEnd, Handler } from './bus.ts';
import { decodeMessage } from './wire-message.ts';

/** One message handed over by a transport, and the answers it takes. */
export interface Delivery {
  readonly subject: string;
  readonly data: Uint8Array;
  /** 1 when the message comes for the first time. */
  readonly attempt: number;
  readonly trace: TraceContext | undefined;
  /** It is done with. */
  ack(): void;
  /** It shall come again after a pause, milliseconds. */
  retry(pauseMs: number): void;
  /** It is still worked on. */
  working(): void;
  /** Nobody answered within the ack wait: it shall come again. */
  lapse(): void;
  /** Keeps the dead letter, then removes the message. */
  bury(letter: DeadLetter): Promise<void>;
}

type Ending = { kind: 'done' } | { kind: 'failed'; error: unknown } | { kind: 'lapsed'; reason: BusError };
type Outcome = Pick<DeliveryEnd, 'kind' | 'reason' | 'detail'>;

/**
 * Takes one delivery through its life: validate, handle under the ack wait, then acknowledge, retry or bury. Never
 * rejects, and resolves at the latest when the ack wait lapses or its member of `giveUp` is called, even if the handler hangs.
 */
export async function handleDelivery(
  delivery: Delivery,
  settings: ConsumeSettings,
  handler: Handler,
  giveUp: Set<() => void>,
): Promise<void> {
  const start = performance.now();
  const decoded = decodeMessage(delivery.subject, delivery.data);
  const outcome = await settle(delivery, decoded, settings, handler, giveUp);
  try {
    const { attempt, trace } = delivery;
    settings.onEnd?.({
      ...outcome,
      attempt,
      trace,
      durationMs: performance.now() - start,
      message: 'message' in decoded ? decoded.message : undefined,
    });
  } catch {
    // Who watches must not be able to disturb.
  }
}

async function settle(
  delivery: Delivery,
  decoded: ReturnType<typeof decodeMessage>,
  settings: ConsumeSettings,
  handler: Handler,
  giveUp: Set<() => void>,
): Promise<Outcome> {
  if ('problem' in decoded) return bury(delivery, settings, 'malformed', decoded.problem, undefined);
  const { message } = decoded;
  if (delivery.attempt > settings.maxDeliver) {
    const times = delivery.attempt - 1;
    return bury(delivery, settings, 'unanswered', `delivered ${times} times without an answer`, message);
  }

  const ending = await run(message, delivery, settings, handler, giveUp);
  if (ending.kind === 'done') {
    delivery.ack();
    return { kind: 'done' };
  }
  if (ending.kind === 'lapsed') {
    delivery.lapse();
    return { kind: 'lapsed', detail: ending.reason.message };
  }
  const detail = textOf(ending.error);
  if (delivery.attempt >= settings.maxDeliver) return bury(delivery, settings, 'failed', detail, message);
  delivery.retry(settings.backoffMs[Math.min(delivery.attempt, settings.backoffMs.length) - 1] ?? 0);
  return { kind: 'retried', detail };
}

async function run(
  message: Message,
  delivery: Delivery,
  { ackWaitMs, durable }: ConsumeSettings,
  handler: Handler,
  giveUp: Set<() => void>,
): Promise<Ending> {
  const abort = new AbortController();
  let over = false;
  let timer: NodeJS.Timeout | undefined;

  let onClosing = () => {};
  const lapsed = new Promise<Ending>((resolve) => {
    const lapse = (reason: BusError) => {
      // First this: a handler that returns because of the signal has not done its work.
      resolve({ kind: 'lapsed', reason });
      abort.abort(reason);
    };
    timer = setTimeout(() => {
      lapse(new BusError('BUS_ACK_WAIT', `${durable}: a handler must finish or call working() within ${ackWaitMs} ms`));
    }, ackWaitMs);
    onClosing = () => lapse(new BusError('BUS_CLOSED', `${durable}: the consumer was closed`));
    giveUp.add(onClosing);
  });
  const working = () => {
    if (over || abort.signal.aborted) return;
    timer?.refresh();
    delivery.working();
  };
  const handled = Promise.resolve()
    .then(() => handler(message, { attempt: delivery.attempt, trace: delivery.trace, signal: abort.signal, working }))
    .then(
      (): Ending => ({ kind: 'done' }),
      (error: unknown): Ending => ({ kind: 'failed', error }),
    );
  try {
    return await Promise.race([lapsed, handled]);
  } finally {
    over = true;
    clearTimeout(timer);
    giveUp.delete(onClosing);
  }
}

async function bury(
  delivery: Delivery,
  { durable, onDeadLetter }: ConsumeSettings,
  reason: DeadLetterReason,
  detail: string,
  message: Message | undefined,
): Promise<Outcome> {
  const letter: DeadLetter = {
    schemaVersion: 1,
    reason,
    detail,
    subject: delivery.subject,
    durable,
    // The delivery that finds a message unanswered hands it to nobody.
    deliveries: reason === 'unanswered' ? delivery.attempt - 1 : delivery.attempt,
    messageId: message?.id ?? null,
    clipId: message?.clipId ?? null,
    data: Buffer.from(delivery.data).toString('base64'),
  };
  try {
    if (message !== undefined) await onDeadLetter?.(letter, message, delivery.trace);
    await delivery.bury(letter);
    return { kind: 'dead', reason, detail };
  } catch (error) {
    // The message stays unanswered: it comes again and is buried then.
    delivery.lapse();
    return { kind: 'lapsed', detail: `it could not be put aside: ${textOf(error)}` };
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
