import {
  clipRequestSchema,
  lostInputSchema,
  workContextSchema,
  type ClipRequest,
  type FileRef,
  type LatePolicy,
  type Message,
  type TensorRef,
  type WorkContext,
} from '@primatrix/contracts';
import { messageIdOf, type Announcement, type Bus, type Records } from '@primatrix/messaging';
import type { TensorStore } from '@primatrix/tensor-store';
import { inSpan, type TraceContext } from '@primatrix/telemetry';
import type { BundlePart } from '../parts/bundle-parts.ts';
import { chooseReleases, rangesFor, type Canary } from '../parts/choose-releases.ts';
import {
  askAgain,
  firstLevelParts,
  giveUp,
  isComplete,
  partsToAsk,
  readAnswer,
  recordOf,
  tensorOf,
  timingsOf,
  type ClipState,
} from './clip-state.ts';
import type { ClipStates } from './clip-states.ts';
import { deadlineOf } from './late-policy.ts';
import { isLost } from '../parts/lost-input.ts';
import { ServiceError } from '../service-error.ts';
import { spanAttributes } from '../telemetry/span-attributes.ts';
import { answerTo } from '../parts/start-service.ts';
import type { WorkWatch } from '../telemetry/work-watch.ts';

/** What a {@link Joiner} works with. */
export interface JoinerParts {
  readonly bus: Bus;
  readonly store: TensorStore;
  /** sha256 of the bundle's manifest. */
  readonly bundle: string;
  readonly parts: readonly BundlePart[];
  readonly producer: Message['producer'];
  readonly states: ClipStates;
  /** What the bundle says of families that are late or fail. */
  readonly late: LatePolicy;
  /** Clips with a deadline: `<second>.<key>`. */
  readonly due: Records<string>;
  readonly answers: Records<Message>;
  readonly canaries: readonly Canary[];
  readonly announced: () => Promise<readonly Announcement[]>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly watch?: WorkWatch | undefined;
}

/**
 * Leads clips through the families of one bundle and joins what these answer to the clips' records. All that it knows
 * of a clip is in NATS KV, and is changed only by who has seen the latest revision: joiners can be killed at any moment,
 * and several can share the work.
 */
export class Joiner {
  private readonly of: JoinerParts;
  /** Clips whose record is being put together, by key: of the last answers several can find theirs to be the last. */
  private readonly endings = new Map<string, Promise<void>>();

  constructor(parts: JoinerParts) {
    this.of = parts;
  }

  /** Takes a clip in: remembers it, then asks ingest for it. */
  async admit(request: Message, trace?: TraceContext): Promise<void> {
    const { states, answers, due } = this.of;
    const context = contextOf(request);
    const clip = request.payload.files['clip'];
    const { data: wanted } = clipRequestSchema.safeParse(request.payload);
    if (context === undefined || clip === undefined || request.clipId === null || wanted === undefined) {
      throw new ServiceError(
        'WORK_PAYLOAD',
        'services: joiner: a request must name its clip, its file and whom the answer is for',
      );
    }
    const answered = await answers.get(context.key);
    if (answered !== undefined && (contextOf(answered.value)?.round ?? 0) >= context.round) return;
    const begun = await this.newState(request, context, clip, wanted, trace);
    const deadlines = new Set(firstLevelParts(this.of.parts).map(({ name }) => deadlineOf(begun.policy, name)));
    for (const deadline of deadlines) {
      if (deadline !== null) await due.put(`${Math.ceil(deadline / 1000)}.${context.key}`, context.key);
    }
    const state = await states.begin(context.key, begun);
    if (state !== undefined) await this.goOn(context.key, state, trace, () => true);
  }

  /** Takes note of an answer and asks for what it makes possible; the last one ends the clip. */
  async take(announcement: Message, parent?: TraceContext): Promise<void> {
    const { parts, bundle } = this.of;
    const context = contextOf(announcement);
    if (context?.bundle !== bundle) return;
    const part = firstLevelParts(parts).find(
      ({ name, stage }) => name === context.part && stage === announcement.stage,
    );
    if (part === undefined) return;
    await inSpan(
      'joiner take',
      { kind: 'consumer', parent, attributes: spanAttributes(announcement, part.name) },
      async ({ trace }) => {
        if (part.reads !== null && lostInputSchema.safeParse(announcement.payload).success) {
          return this.remake(context, part, part.reads, announcement, trace);
        }
        const state = await this.of.states.change(context.key, (found) => {
          if (!isAwaited(found, part.name, context)) return found;
          return { ...found, answers: { ...found.answers, [part.name]: readAnswer(part.stage, announcement) } };
        });
        if (state === undefined || state.round !== context.round) return;
        // Again after a crash: whether the requests that follow from this answer went out is not known.
        await this.goOn(context.key, state, trace, ({ stage, reads }) =>
          part.stage === 'ingest' ? stage === 'features' : reads === part.name,
        );
      },
    );
  }

  /** Ends the clips whose deadline fell into this second, or waits on for those families that have a later one. */
  async endDue(second: string): Promise<void> {
    const { due, parts, states, now } = this.of;
    for (const dueKey of await due.keys(`${second}.>`)) {
      if (Number(dueKey.split('.')[0]) * 1000 > now()) continue;
      const key = dueKey.slice(dueKey.indexOf('.') + 1);
      const state = await states.change(key, (found) => giveUp(parts, found, now()));
      if (state !== undefined) await this.goOn(key, state, state.trace, () => false);
      await due.remove(dueKey);
    }
  }

  /** A net could not read its features: it is asked again, and they are made again first unless that was done meanwhile. */
  private async remake(
    context: WorkContext,
    { name }: BundlePart,
    features: string,
    { failure }: Message,
    trace: TraceContext,
  ): Promise<void> {
    const { states, now } = this.of;
    const reason = failure?.message ?? '';
    const before = await states.change(context.key, (found) => found);
    const ref = tensorOf(before?.answers[features]);
    const lost = before !== undefined && ref !== undefined && (await this.isLost(ref, before.filename));
    const state = await states.change(context.key, (found) => {
      if (!isAwaited(found, name, context)) return found;
      const again = askAgain(found, name, reason, now());
      return lost && again.again[features] === before.again[features] && again.answers[features] !== undefined
        ? askAgain(again, features, reason, now())
        : again;
    });
    if (state?.round === context.round) {
      await this.goOn(context.key, state, trace, (part) => part.name === name || part.name === features);
    }
  }

  private async isLost(ref: TensorRef, clip: string): Promise<boolean> {
    try {
      await this.of.store.get(ref, { clip });
      return false;
    } catch (error) {
      if (isLost(error)) return true;
      throw error;
    }
  }

  private async newState(
    request: Message,
    context: WorkContext,
    clip: FileRef,
    wanted: ClipRequest,
    trace: TraceContext | undefined,
  ): Promise<ClipState> {
    const { parts, canaries, announced, late, now } = this.of;
    const clipId = request.clipId ?? '';
    const { filename, site, capturedAt, policy, versions } = wanted;
    const mine = firstLevelParts(parts);
    const { releases, none } = await chooseReleases(mine, rangesFor(clipId, versions, canaries), announced);
    return {
      id: request.id,
      datasetId: request.datasetId,
      clipId,
      clip,
      filename,
      site,
      capturedAt,
      round: context.round,
      keep: context.keep,
      policy: { ...(policy ?? late), by: policy === null ? 'bundle' : 'request', since: now() },
      releases,
      answers: Object.fromEntries(
        none.map((name) => [name, { missing: 'no release of the wanted version is announced' }]),
      ),
      again: {},
      trace,
    };
  }

  private async goOn(
    key: string,
    state: ClipState,
    trace: TraceContext | undefined,
    follows: (part: BundlePart) => boolean,
  ): Promise<void> {
    const { parts } = this.of;
    if (isComplete(parts, state)) return this.end(key, state, trace);
    await Promise.all(
      partsToAsk(parts, state)
        .filter(follows)
        .map((part) => this.ask(key, state, trace, part)),
    );
  }

  private async ask(key: string, state: ClipState, trace: TraceContext | undefined, part: BundlePart): Promise<void> {
    const { bus, bundle, producer } = this.of;
    const { id, datasetId, clipId, clip, filename, round, answers, releases } = state;
    const again = state.again[part.name] ?? 0;
    const { stage, family, name } = part;
    const release = releases[name] ?? part.release;
    const [ingest] = this.of.parts;
    const known = answers[ingest?.name ?? ''];
    const metadata = known !== undefined && 'metadata' in known ? known.metadata : null;
    const features = part.reads === null ? undefined : tensorOf(answers[part.reads]);
    const context: WorkContext = { bundle, key, part: name, round, keep: false, again };
    await bus.publish(
      {
        schemaVersion: 1,
        id: messageIdOf({
          stage,
          family,
          event: 'requested',
          inputs: { id, round, again, features: features?.sha256 ?? null },
          settings: { name, release },
        }),
        stage,
        family,
        event: 'requested',
        release,
        datasetId,
        clipId,
        producer,
        payload: {
          tensors: features === undefined ? {} : { features },
          files: stage === 'nets' ? {} : { clip },
          ...(stage === 'features' ? { filename, metadata } : {}),
          context,
        },
        failure: null,
        timings: {},
      },
      trace,
    );
  }

  private end(key: string, state: ClipState, parent: TraceContext | undefined): Promise<void> {
    const attributes = spanAttributes({ ...state, stage: 'clips', family: 'joiner' }, 'joiner');
    const ending =
      this.endings.get(key) ??
      inSpan('joiner finish', { kind: 'internal', parent, attributes }, ({ trace }) =>
        this.finish(key, state, trace),
      ).finally(() => this.endings.delete(key));
    this.endings.set(key, ending);
    return ending;
  }

  /** Puts the record together, keeps and announces it, and forgets the state. Nets whose answer is lost are asked again. */
  private async finish(key: string, state: ClipState, trace: TraceContext): Promise<void> {
    const { parts, store, bus, states, answers, producer, bundle, now, watch } = this.of;
    const probabilities = new Map<string, Float64Array>();
    const lost = new Map<string, string>();
    for (const { stage, name } of parts) {
      const tensor = stage === 'nets' ? tensorOf(state.answers[name]) : undefined;
      if (tensor === undefined) continue;
      try {
        probabilities.set(name, (await store.get(tensor, { clip: state.filename })).data as Float64Array);
      } catch (error) {
        if (!isLost(error)) throw error;
        lost.set(name, error.message);
      }
    }
    if (lost.size > 0) {
      const without = await states.change(key, (found) =>
        [...lost].reduce(
          (left, [name, reason]) =>
            left.again[name] === state.again[name] ? askAgain(left, name, reason, now()) : left,
          found,
        ),
      );
      // Not as another ending: this one is still under way.
      if (without !== undefined && isComplete(parts, without)) return this.finish(key, without, trace);
      return without === undefined ? undefined : this.goOn(key, without, trace, ({ name }) => lost.has(name));
    }
    const record = recordOf(parts, state, probabilities);
    const context: WorkContext = { bundle, key, part: 'joiner', round: state.round, keep: state.keep };
    const request = {
      stage: 'clips',
      family: 'joiner',
      id: state.id,
      datasetId: state.datasetId,
      clipId: state.clipId,
      payload: { context },
    } as unknown as Message;
    const { fault, reason, status } = record.outcome;
    const answer = answerTo(
      request,
      producer,
      {
        facts: { record },
        ...(status === 'failed' ? { failure: { code: fault ?? 'internal', message: reason } } : {}),
      },
      timingsOf(state),
    );
    if (state.keep) await answers.put(key, answer);
    await bus.publish({ ...answer, payload: { ...answer.payload, record: undefined } }, trace);
    await states.remove(key);
    watch?.answered(request, { failure: answer.failure, trace });
  }
}

/** Whether a part's answer is still wanted, and this is the one that was last asked for. */
function isAwaited({ round, again, answers }: ClipState, part: string, context: WorkContext): boolean {
  return round === context.round && (again[part] ?? 0) === (context.again ?? 0) && answers[part] === undefined;
}

function contextOf({ payload }: Message): WorkContext | undefined {
  return workContextSchema.safeParse(payload['context']).data;
}
