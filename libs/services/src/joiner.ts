import { clipRequestSchema, workContextSchema, type ClipRequest, type FileRef, type Message, type WorkContext } from '@primatrix/contracts';
import { messageIdOf, type Announcement, type Bus, type Records } from '@primatrix/messaging';
import type { TensorStore } from '@primatrix/tensor-store';
import { inSpan, type TraceContext } from '@primatrix/watching';
import type { BundlePart } from './bundle-parts.ts';
import { chooseReleases, rangesFor, type Canary } from './choose-releases.ts';
import { firstLevelParts, giveUp, isComplete, partsToAsk, readAnswer, recordOf, tensorOf, type ClipState } from './clip-state.ts';
import { ServiceError } from './service-error.ts';
import { spanAttributes } from './span-attributes.ts';
import { answerTo } from './start-service.ts';
import type { WorkWatch } from './work-watch.ts';

/** What a {@link Joiner} works with. */
export interface JoinerParts {
  readonly bus: Bus;
  readonly store: TensorStore;
  /** sha256 of the bundle's manifest. */
  readonly bundle: string;
  readonly parts: readonly BundlePart[];
  readonly producer: Message['producer'];
  readonly states: Records<ClipState>;
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
  /** The latest change under way, by key. */
  private readonly turns = new Map<string, Promise<unknown>>();

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
      throw new ServiceError('WORK_PAYLOAD', 'services: joiner: a request must name its clip, its file and whom the answer is for');
    }
    if ((await answers.get(context.key)) !== undefined) return;
    const before = await states.get(context.key);
    let state = before?.value;
    if (before === undefined || before.value.round < context.round) {
      state = await this.newState(request, context, clip, wanted, trace);
      if (state.deadline !== null) await due.put(`${Math.ceil(state.deadline / 1000)}.${context.key}`, context.key);
      const written = await (before === undefined ? states.create(context.key, state) : states.update({ ...before, value: state }));
      // Another joiner was given the same request.
      if (!written) state = (await states.get(context.key))?.value;
    }
    if (state !== undefined) await this.goOn(context.key, state, trace, () => true);
  }

  /** Takes note of an answer and asks for what it makes possible; the last one ends the clip. */
  async take(announcement: Message, parent?: TraceContext): Promise<void> {
    const { parts, bundle } = this.of;
    const context = contextOf(announcement);
    if (context?.bundle !== bundle) return;
    const part = firstLevelParts(parts).find(({ name, stage }) => name === context.part && stage === announcement.stage);
    if (part === undefined) return;
    await inSpan('joiner take', { kind: 'consumer', parent, attributes: spanAttributes(announcement, part.name) }, async ({ trace }) => {
      const state = await this.change(context.key, (found) => {
        if (found.round !== context.round || found.answers[part.name] !== undefined) return found;
        return { ...found, answers: { ...found.answers, [part.name]: readAnswer(part.stage, announcement) } };
      });
      if (state === undefined || state.round !== context.round) return;
      // Again after a crash: whether the requests that follow from this answer went out is not known.
      await this.goOn(context.key, state, trace, ({ stage, reads }) => (part.stage === 'ingest' ? stage === 'features' : reads === part.name));
    });
  }

  /** Ends the clips whose deadline fell into this second. */
  async endDue(second: string): Promise<void> {
    const { due, parts, now } = this.of;
    for (const dueKey of await due.keys(`${second}.>`)) {
      if (Number(dueKey.split('.')[0]) * 1000 > now()) continue;
      const key = dueKey.slice(dueKey.indexOf('.') + 1);
      const state = await this.change(key, (found) => (found.deadline === null || found.deadline > now() ? found : giveUp(parts, found, 'no answer in time')));
      if (state !== undefined) await this.goOn(key, state, state.trace, () => false);
      await due.remove(dueKey);
    }
  }

  private async newState(request: Message, context: WorkContext, clip: FileRef, wanted: ClipRequest, trace: TraceContext | undefined): Promise<ClipState> {
    const { parts, canaries, announced, now } = this.of;
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
      trace,
      keep: context.keep,
      deadline: policy.withoutAfterMs === null ? null : now() + policy.withoutAfterMs,
      releases,
      answers: Object.fromEntries(none.map((name) => [name, { missing: 'no release of the wanted version is announced' }])),
    };
  }

  /** The state after a change, undefined where there is none; repeated until nobody else changed it meanwhile. */
  private change(key: string, change: (state: ClipState) => ClipState): Promise<ClipState | undefined> {
    const work = async () => {
      for (;;) {
        const found = await this.of.states.get(key);
        if (found === undefined) return undefined;
        const value = change(found.value);
        if (value === found.value || (await this.of.states.update({ ...found, value }))) return value;
      }
    };
    // The answers of one clip come together: one after the other they need not be tried again.
    const turn = (this.turns.get(key) ?? Promise.resolve()).then(work, work);
    this.turns.set(key, turn);
    const done = () => void (this.turns.get(key) === turn && this.turns.delete(key));
    turn.then(done, done);
    return turn;
  }

  private async goOn(key: string, state: ClipState, trace: TraceContext | undefined, follows: (part: BundlePart) => boolean): Promise<void> {
    const { parts } = this.of;
    if (isComplete(parts, state)) {
      const attributes = spanAttributes({ ...state, stage: 'clips', family: 'joiner' }, 'joiner');
      return inSpan('joiner finish', { kind: 'internal', parent: trace, attributes }, (span) => this.finish(key, state, span.trace));
    }
    await Promise.all(partsToAsk(parts, state).filter(follows).map((part) => this.ask(key, state, trace, part)));
  }

  private async ask(key: string, state: ClipState, trace: TraceContext | undefined, part: BundlePart): Promise<void> {
    const { bus, bundle, producer } = this.of;
    const { id, datasetId, clipId, clip, filename, round, answers, releases } = state;
    const { stage, family, name } = part;
    const release = releases[name] ?? part.release;
    const [ingest] = this.of.parts;
    const known = answers[ingest?.name ?? ''];
    const metadata = known !== undefined && 'metadata' in known ? known.metadata : null;
    const features = part.reads === null ? undefined : tensorOf(answers[part.reads]);
    const context: WorkContext = { bundle, key, part: name, round, keep: false };
    await bus.publish({
      schemaVersion: 1,
      id: messageIdOf({ stage, family, event: 'requested', inputs: { id, round, features: features?.sha256 ?? null }, settings: { name, release } }),
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
    }, trace);
  }

  /** Puts the record together, keeps and announces it, and forgets the state. */
  private async finish(key: string, state: ClipState, trace: TraceContext): Promise<void> {
    const { parts, store, bus, states, answers, producer, bundle, watch } = this.of;
    const probabilities = new Map<string, Float64Array>();
    for (const { stage, name } of parts) {
      const tensor = stage === 'nets' ? tensorOf(state.answers[name]) : undefined;
      if (tensor !== undefined) probabilities.set(name, (await store.get(tensor, { clip: state.filename })).data as Float64Array);
    }
    const record = recordOf(parts, state, probabilities);
    const context: WorkContext = { bundle, key, part: 'joiner', round: state.round, keep: state.keep };
    const request = { stage: 'clips', family: 'joiner', id: state.id, datasetId: state.datasetId, clipId: state.clipId, payload: { context } } as unknown as Message;
    const { fault, reason, status } = record.outcome;
    const answer = answerTo(request, producer, { facts: { record }, ...(status === 'failed' ? { failure: { code: fault ?? 'internal', message: reason } } : {}) }, {});
    if (state.keep) await answers.put(key, answer);
    await bus.publish({ ...answer, payload: { ...answer.payload, record: undefined } }, trace);
    await states.remove(key);
    watch?.answered(request, { failure: answer.failure, trace });
  }
}

function contextOf({ payload }: Message): WorkContext | undefined {
  return workContextSchema.safeParse(payload['context']).data;
}
