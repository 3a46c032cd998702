import type { Message } from '@primatrix/contracts';
import { packageOf } from '@primatrix/files';
import { announce, announcedServices, Records, type ConsumeOptions, type JetStreamBus } from '@primatrix/messaging';
import type { BundleManifest } from '@primatrix/prediction';
import type { TensorStore } from '@primatrix/tensor-store';
import { inSpan } from '@primatrix/telemetry';
import { bundleParts, joinerFamily, joinerRelease } from '../parts/bundle-parts.ts';
import type { Canary } from '../parts/choose-releases.ts';
import type { ClipState } from './clip-state.ts';
import { ClipStates } from './clip-states.ts';
import { Joiner } from './joiner.ts';
import type { ServiceWatch } from '../telemetry/service-watch.ts';
import { spanAttributes } from '../telemetry/span-attributes.ts';
import { durableOf, type Service } from '../parts/start-service.ts';
import type { WorkWatch } from '../telemetry/work-watch.ts';

const { version } = packageOf(import.meta.url);
const dayMs = 24 * 60 * 60 * 1000;
/** Clips that one joiner deals with at once: it mostly waits for the broker. */
const concurrency = 16;
/** Waiting for the broker or the store is no reason to give a clip up. */
const maxDeliver = 50;

/** Records are kept for a week after they were written, in as many copies as the bus keeps of messages. */
function openRecords<T>({ connection, replicas }: JetStreamBus, bucket: string): Promise<Records<T>> {
  return Records.open(connection, bucket, { ttlMs: 7 * dayMs, replicas });
}

/** Answers that were asked for by key: kept for a week after they were given. */
export function openAnswers(bus: JetStreamBus): Promise<Records<Message>> {
  return openRecords(bus, 'primatrix-v1-answers');
}

/** What a joiner joins answers for, and where they lie. */
export interface JoinerOptions {
  readonly bus: JetStreamBus;
  readonly store: TensorStore;
  readonly manifest: BundleManifest;
  /** sha256 of the manifest. */
  readonly digest: string;
  readonly canaries?: readonly Canary[];
  readonly ackWaitMs?: number;
  /** Milliseconds since 1970: deadlines count by it. */
  readonly now: () => number;
  readonly watch?: ServiceWatch;
}

/** What requests for clips of a bundle name as their release. */
export function joinerReleaseOf(digest: string): string {
  return joinerRelease(digest, version);
}

/** Starts the joiner of a bundle; several share the work. */
export async function startJoiner({
  bus,
  store,
  manifest,
  digest,
  canaries = [],
  ackWaitMs = 30_000,
  now,
  watch,
}: JoinerOptions): Promise<Omit<Service, 'part'>> {
  const release = joinerReleaseOf(digest);
  const parts = bundleParts(manifest);
  // What it hears of others is told apart from the clips that it leads.
  const watchOver = (part: string) => watch?.of({ stage: 'clips', family: joinerFamily, part, version, release });
  const clips = watchOver(joinerFamily);
  const joiner = new Joiner({
    bus,
    store,
    bundle: digest,
    parts,
    producer: { name: '@primatrix/services', version, modelDigest: digest },
    states: new ClipStates(await openRecords<ClipState>(bus, 'primatrix-v1-clips')),
    late: manifest.late ?? { withoutAfterMs: null, parts: {} },
    due: await openRecords<string>(bus, 'primatrix-v1-due'),
    answers: await openAnswers(bus),
    canaries,
    announced: remembered(() => announcedServices(bus.connection), 5_000),
    now,
    watch: clips,
  });
  const settings = { concurrency, ackWaitMs, maxDeliver, from: 'now' } as const;
  const durable = durableOf({ stage: 'clips', family: joinerFamily, release });
  // First the ears, then the mouth: an answer that came before its listener would be lost.
  const ears = await Promise.all(
    (['ready', 'failed'] as const).map(async (event) => {
      const heard = watchOver(`${joinerFamily}-${event}`);
      const ear = await bus.consume(
        { ...settings, ...told(heard), filter: { stage: '*', family: '*', event }, durable: `${durable}-${event}` },
        (message, { trace }) => joiner.take(message, trace),
      );
      heard?.takesFrom(ear);
      return ear;
    }),
  );
  const mouth = await bus.consume(
    {
      ...settings,
      ...told(clips),
      filter: { stage: 'clips', family: joinerFamily, event: 'requested', release },
      durable,
    },
    (message, { trace: parent }) =>
      inSpan(
        'joiner admit',
        { kind: 'consumer', parent, attributes: spanAttributes(message, joinerFamily) },
        ({ trace }) => joiner.admit(message, trace),
      ),
  );
  clips?.takesFrom(mouth);
  watch?.readiness.serves(joinerFamily);
  const clock = watchDeadlines(joiner, now);
  const announced = await announce(
    bus.connection,
    {
      name: joinerFamily,
      version,
      description: `joins the answers of ${parts.length} parts of a bundle`,
      metadata: {
        stage: 'clips',
        part: joinerFamily,
        release,
        contract: digest,
        model: digest,
        subject: `primatrix.v1.clips.joiner.requested.${release}`,
      },
    },
    () => ({ parts: parts.length }),
  );
  const consumptions = [mouth, ...ears];
  const ended = Promise.all(consumptions.map((consumption) => consumption.ended)).then(() => {});
  // Whoever does not look at it must not crash by it.
  ended.catch(() => {});
  return {
    ended,
    async stop() {
      await announced.stop();
      clock.stop();
      await Promise.all(consumptions.map((consumption) => consumption.stop()));
    },
  };
}

/** How each delivery ended, for who watches. */
function told(watch: WorkWatch | undefined): Pick<ConsumeOptions, 'onEnd'> {
  return watch === undefined ? {} : { onEnd: (end) => watch.delivered(end) };
}

/** Ends clips whose time is over, second by second; those of the time when no joiner ran at once. */
function watchDeadlines(joiner: Joiner, now: () => number): { stop(): void } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let next = Math.floor(now() / 1000);
  const tick = async (missed: boolean) => {
    try {
      if (missed) await joiner.endDue('*');
      for (; next * 1000 <= now() && !stopped; next++) await joiner.endDue(String(next));
      missed = false;
    } catch {
      // The broker is away: what was missed is looked for when it is back.
      missed = true;
    }
    if (!stopped) timer = setTimeout(() => void tick(missed), 500);
  };
  void tick(true);
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** A call whose answer is taken for the same for a while. */
function remembered<T>(call: () => Promise<T>, forMs: number): () => Promise<T> {
  let last: { readonly at: number; readonly answer: Promise<T> } | undefined;
  return () => {
    if (last === undefined || performance.now() - last.at > forMs) last = { at: performance.now(), answer: call() };
    last.answer.catch(() => (last = undefined));
    return last.answer;
  };
}
