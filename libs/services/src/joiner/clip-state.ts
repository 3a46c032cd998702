import type {
  ClipMetadata,
  ClipOutcome,
  FileRef,
  Message,
  MissingPart,
  Producer,
  TensorRef,
} from '@primatrix/contracts';
import { describeMissing, featureAnswerSchema, ingestAnswerSchema, netAnswerSchema } from '@primatrix/contracts';
import {
  extractableClip,
  firstLevelRecord,
  nothingToGoBy,
  type FirstLevelRecord,
  type FirstLevelStage,
  type InputFile,
} from '@primatrix/prediction';
import type { TraceContext } from '@primatrix/telemetry';
import type { BundlePart } from '../parts/bundle-parts.ts';
import { deadlineOf, type ClipPolicy } from './late-policy.ts';
import { maxAgain } from '../parts/lost-input.ts';

/** What one part of the bundle said of a clip; `missing` says why there is nothing of it. */
export type PartAnswer =
  | { readonly missing: string }
  | {
      readonly producer: Producer;
      readonly tensor?: TensorRef | undefined;
      readonly outcome?: ClipOutcome | null;
      readonly metadata?: ClipMetadata | null;
      readonly looked?: boolean;
      readonly listened?: boolean;
      readonly row?: Readonly<Record<string, number | null>> | undefined;
      readonly padding?: { readonly frames: number; readonly length: number } | null;
      /** What it took where it was made, milliseconds. */
      readonly workMs?: number | undefined;
    };

/** How far a clip has come: all that the joiner knows of it. JSON. */
export interface ClipState {
  /** The request's id and dataset, for what is asked and answered in its name. */
  readonly id: string;
  readonly datasetId: string;
  readonly clipId: string;
  readonly clip: FileRef;
  readonly filename: string;
  readonly site: string | null;
  readonly capturedAt: string | null;
  readonly round: number;
  /** The request's, for what follows from no message but from the time. */
  readonly trace?: TraceContext | undefined;
  readonly keep: boolean;
  readonly policy: ClipPolicy;
  /** The release that is asked, by part. */
  readonly releases: Readonly<Record<string, string>>;
  readonly answers: Readonly<Record<string, PartAnswer>>;
  /** How often a part was asked again because what it had stored was lost, by part. */
  readonly again: Readonly<Record<string, number>>;
}

type FirstLevelPart = BundlePart & { readonly stage: FirstLevelStage['part'] };

/** Parts of the first level: those that a clip's record waits for. */
export function firstLevelParts(parts: readonly BundlePart[]): FirstLevelPart[] {
  return parts.filter(
    (part): part is FirstLevelPart => part.stage === 'ingest' || part.stage === 'features' || part.stage === 'nets',
  );
}

/** What an announcement says, as far as the joiner needs it; what does not validate counts as missing. */
export function readAnswer(stage: BundlePart['stage'], { payload, producer, failure, timings }: Message): PartAnswer {
  const { tensors } = payload;
  const { workMs } = timings;
  if (stage === 'ingest') {
    const { data } = ingestAnswerSchema.safeParse(payload);
    if (data !== undefined && (data.metadata ?? data.outcome) !== null) {
      return { producer, metadata: data.metadata, outcome: data.outcome, workMs };
    }
  } else if (failure === null && stage === 'features') {
    const { data } = featureAnswerSchema.safeParse(payload);
    if (data !== undefined) {
      return {
        producer,
        tensor: tensors['features'],
        outcome: data.outcome,
        looked: data.looked,
        listened: data.listened,
        row: data.row,
        workMs,
      };
    }
  } else if (failure === null) {
    const { data } = netAnswerSchema.safeParse(payload);
    const { probabilities } = tensors;
    if (data !== undefined && probabilities !== undefined) {
      return { producer, tensor: probabilities, padding: data.padding, workMs };
    }
  }
  return { missing: failure === null ? 'its answer cannot be read' : `${failure.message} [${failure.code}]` };
}

/** Parts that can be asked now and have not answered; a net once the features that it reads are there. */
export function partsToAsk(parts: readonly BundlePart[], { answers }: ClipState): BundlePart[] {
  const open = firstLevelParts(parts).filter(({ name }) => answers[name] === undefined);
  const ingest = open.filter(({ stage }) => stage === 'ingest');
  if (ingest.length > 0) return ingest;
  if (metadataOf(parts, answers) === null) return [];
  return open.filter(({ stage, reads }) => stage === 'features' || tensorOf(answers[reads ?? '']) !== undefined);
}

/** Whether nothing more is to be waited for. */
export function isComplete(parts: readonly BundlePart[], state: ClipState): boolean {
  const { answers } = state;
  const [ingest, ...others] = firstLevelParts(parts);
  if (ingest === undefined || answers[ingest.name] === undefined) return false;
  if (metadataOf(parts, answers) === null) return true;
  if (others.some(({ stage, name }) => stage === 'features' && answers[name] === undefined)) return false;
  return outcomeOf(parts, answers).status === 'failed' || partsToAsk(parts, state).length === 0;
}

/** The state after the parts are given up that have not answered by `now`, milliseconds since 1970, and are not waited for. */
export function giveUp(parts: readonly BundlePart[], state: ClipState, now: number): ClipState {
  const late = firstLevelParts(parts).filter(
    ({ name }) => state.answers[name] === undefined && (deadlineOf(state.policy, name) ?? Infinity) <= now,
  );
  if (late.length === 0) return state;
  return {
    ...state,
    answers: {
      ...state.answers,
      ...Object.fromEntries(late.map(({ name }) => [name, { missing: 'no answer in time' }])),
    },
  };
}

/** The state after a part's answer, or its try, came to nothing because something stored is lost: it is to be asked again, unless that was done often enough or its time is over. */
export function askAgain(state: ClipState, name: string, reason: string, now: number): ClipState {
  const times = (state.again[name] ?? 0) + 1;
  const answers = Object.fromEntries(Object.entries(state.answers).filter(([part]) => part !== name));
  if (times > maxAgain || (deadlineOf(state.policy, name) ?? Infinity) <= now) {
    return { ...state, answers: { ...answers, [name]: { missing: reason } } };
  }
  return { ...state, answers, again: { ...state.again, [name]: times } };
}

/**
 * The record of a clip whose state is complete, as one process would have made it, but for the time of the file's change:
 * that is known where the file is.
 * @param probabilities [classes] by net
 */
export function recordOf(
  parts: readonly BundlePart[],
  state: ClipState,
  probabilities: ReadonlyMap<string, Float64Array>,
): FirstLevelRecord {
  const { answers, filename, site, capturedAt } = state;
  const file: InputFile = {
    filename,
    path: filename,
    ...(site === null ? {} : { site }),
    ...(capturedAt === null ? {} : { capturedAt: new Date(capturedAt) }),
  };
  const metadata = metadataOf(parts, answers);
  const ingest = answers[parts[0]?.name ?? ''];
  const producers = Object.fromEntries(
    Object.entries(answers).flatMap(([name, answer]) => ('producer' in answer ? [[name, answer.producer]] : [])),
  );
  const without = withoutWhom(parts, state);
  const missing = Object.keys(without).length === 0 ? {} : { without };
  const incomplete = describeMissing(without);
  const failed = (outcome: ClipOutcome): FirstLevelRecord => ({
    ...firstLevelRecord(file, { outcome, metadata, modifiedAt: null }),
    producers,
    ...missing,
  });
  const nothing = { framesDecoded: 0, framesExpected: null };
  if (metadata === null) {
    return failed(
      ('outcome' in (ingest ?? {}) ? (ingest as { outcome?: ClipOutcome | null }).outcome : null) ?? {
        status: 'failed',
        fault: 'incomplete',
        reason: incomplete,
        ...nothing,
      },
    );
  }
  const outcome = outcomeOf(parts, answers);
  if (outcome.status === 'failed') return failed(outcome);
  if (Object.values(without).some(({ policy }) => policy === null)) {
    return failed({ ...outcome, status: 'failed', fault: 'incomplete', reason: incomplete });
  }
  const rows = parts.flatMap(({ name }) =>
    rowOf(answers[name]) === undefined ? [] : [[name, rowOf(answers[name]) ?? {}] as const],
  );
  if (rows.length === 0) {
    return failed(
      incomplete === ''
        ? nothingToGoBy(extractableClip(filename, filename, metadata), outcome)
        : { status: 'failed', fault: 'incomplete', reason: incomplete, ...nothing },
    );
  }
  const padded = parts.flatMap(({ name }) => {
    const answer = answers[name];
    return answer !== undefined && 'padding' in answer && answer.padding != null
      ? [[name, answer.padding] as const]
      : [];
  });
  const nets = parts.flatMap(({ name }) =>
    probabilities.has(name) ? [[name, [...(probabilities.get(name) ?? [])]] satisfies [string, number[]]] : [],
  );
  const degraded: ClipOutcome = {
    ...outcome,
    status: 'degraded',
    fault: outcome.fault ?? 'incomplete',
    reason: [outcome.reason, incomplete].filter((text) => text !== '').join('; '),
  };
  const record = firstLevelRecord(file, {
    outcome: incomplete === '' ? outcome : degraded,
    metadata,
    modifiedAt: null,
    padded: Object.fromEntries(padded),
  });
  return { ...record, rows: Object.fromEntries(rows), nets: Object.fromEntries(nets), producers, ...missing };
}

/** What each part took that has answered, milliseconds by part. */
export function timingsOf({ answers }: ClipState): Record<string, number> {
  return Object.fromEntries(
    Object.entries(answers).flatMap(([name, answer]) =>
      'workMs' in answer && answer.workMs !== undefined ? [[name, answer.workMs]] : [],
    ),
  );
}

/** The parts that are missing, with the reason and by whose policy; a net whose features are missing is not named as well. */
function withoutWhom(parts: readonly BundlePart[], { answers, policy }: ClipState): Record<string, MissingPart> {
  const reasonOf = (name: string | null) => {
    const answer = answers[name ?? ''];
    return answer !== undefined && 'missing' in answer ? answer.missing : undefined;
  };
  return Object.fromEntries(
    parts.flatMap(({ name, reads }) => {
      const reason = reasonOf(name);
      return reason === undefined || reasonOf(reads) !== undefined
        ? []
        : [[name, { reason, policy: deadlineOf(policy, name) === null ? null : policy.by }]];
    }),
  );
}

function metadataOf(parts: readonly BundlePart[], answers: ClipState['answers']): ClipMetadata | null {
  const ingest = parts.find(({ stage }) => stage === 'ingest');
  const answer = answers[ingest?.name ?? ''];
  return answer !== undefined && 'metadata' in answer ? (answer.metadata ?? null) : null;
}

/** Of an answer that has one. */
export function tensorOf(answer: PartAnswer | undefined): TensorRef | undefined {
  return answer !== undefined && 'tensor' in answer ? answer.tensor : undefined;
}

function rowOf(answer: PartAnswer | undefined): Readonly<Record<string, number | null>> | undefined {
  return answer !== undefined && 'row' in answer ? answer.row : undefined;
}

/** How decoding ended, of several families that may have decoded for themselves: pictures from one, what is wrong with the sound from another. */
function outcomeOf(parts: readonly BundlePart[], answers: ClipState['answers']): ClipOutcome {
  const told = parts.flatMap(({ name }) => {
    const answer = answers[name];
    return answer !== undefined && 'looked' in answer && answer.outcome != null
      ? [{ ...answer, outcome: answer.outcome }]
      : [];
  });
  const whole = told.find(({ looked, listened }) => looked && listened);
  if (whole !== undefined) return whole.outcome;
  const seen = told.find(({ looked }) => looked)?.outcome;
  const heard = told.find(({ listened, outcome }) => listened && outcome.fault !== null)?.outcome;
  if (seen === undefined || heard === undefined || seen.status === 'failed') {
    return seen?.status === 'failed'
      ? seen
      : (heard ?? seen ?? { status: 'ok', fault: null, reason: '', framesDecoded: 0, framesExpected: null });
  }
  return {
    ...seen,
    status: heard.status,
    fault: seen.fault ?? heard.fault,
    reason: [seen.reason, heard.reason].filter((text) => text !== '').join('; '),
  };
}
