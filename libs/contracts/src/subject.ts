import { PrimatrixError } from './errors.ts';

/** The stages of a pipeline, in the order in which a clip meets them; what a family is of is its kind. */
export const familyKinds = ['ingest', 'features', 'nets', 'neighbours', 'stack', 'ensemble'] as const;
/** One of {@link familyKinds}. */
export type FamilyKind = (typeof familyKinds)[number];

/** What a subject may name as its stage; `clips` is a clip's way through all of them, `training` the jobs of a training. */
export const stages = ['clips', 'training', ...familyKinds] as const;
/** One of {@link stages}. */
export type Stage = (typeof stages)[number];

/**
 * What a message says. `requested`: work that one service must do; `ready`: its output is stored;
 * `failed`: there will be no output for these inputs.
 */
export const messageEvents = ['requested', 'ready', 'failed'] as const;
/** One of {@link messageEvents}. */
export type MessageEvent = (typeof messageEvents)[number];

/** What a subject is made of; `family` names a package's subject matter, as `vgg16` or `image-hash`. */
export interface SubjectParts {
  readonly stage: Stage;
  readonly family: string;
  readonly event: MessageEvent;
  /** Of `requested` only: the one release that shall do the work, as {@link releaseOf} names it; absent: any that serves without one. */
  readonly release?: string | undefined;
}

/** {@link SubjectParts} of which `*` stands for any. The event is always given: it decides how messages are kept. */
export interface SubjectFilter {
  readonly stage: Stage | '*';
  readonly family: string;
  readonly event: MessageEvent;
  readonly release?: string | undefined;
}

const prefix = 'primatrix.v1';
const deadPrefix = `${prefix}.dead`;

/** Lower-case words, digits and single hyphens: one token of a subject, and a package or folder name. */
export const familyPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** One token of a subject: a version with `_` for `.`, and some digits of a digest. */
export const releasePattern = /^[0-9A-Za-z_-]{1,64}$/;

/**
 * Names a release of a family: its version with these weights and settings. Two of them run side by side, each with
 * a queue of its own.
 * @param digest 64 hexadecimal digits over everything else that its answers depend on
 */
export function releaseOf(version: string, digest: string): string {
  return `${version.replace(/[^0-9A-Za-z-]/g, '_').slice(0, 48)}-${digest.slice(0, 12)}`;
}

/**
 * The subject of a message, `primatrix.v1.<stage>.<family>.<event>`, and `.<release>` where one is named.
 * @throws PrimatrixError SUBJECT when a part is none
 */
export function subjectOf(parts: SubjectParts): string {
  // A filter is a subject unless it has a wildcard, which only a filter may have.
  if (parts.family === '*' || (parts.stage as string) === '*') throw subjectError('stage and family', 'named', '*');
  return filterOf(parts);
}

/** The subject filter that matches these parts, `*` standing for any. */
export function filterOf({ stage, family, event, release }: SubjectFilter): string {
  if (stage !== '*' && !isMember(stages, stage)) throw subjectError('stage', stages.join(', '), stage);
  if (family !== '*' && !familyPattern.test(family)) {
    throw subjectError('family', 'lower-case words joined by hyphens', family);
  }
  if (!isMember(messageEvents, event)) throw subjectError('event', messageEvents.join(', '), event);
  if (release === undefined) return `${prefix}.${stage}.${family}.${event}`;
  if (event !== 'requested' || !releasePattern.test(release)) {
    throw subjectError('release', "a word of letters, digits, '_' and '-', and only of 'requested'", release);
  }
  return `${prefix}.${stage}.${family}.${event}.${release}`;
}

/** The parts of a subject, undefined when it is none that {@link subjectOf} makes. */
export function parseSubject(subject: string): SubjectParts | undefined {
  const match = /^primatrix\.v1\.([^.]+)\.([^.]+)\.([^.]+)(?:\.([^.]+))?$/.exec(subject);
  const [stage, family, event, release] = [match?.[1] ?? '', match?.[2] ?? '', match?.[3] ?? '', match?.[4]];
  if (!isMember(stages, stage) || !familyPattern.test(family) || !isMember(messageEvents, event)) return undefined;
  if (release === undefined) return { stage, family, event };
  return event === 'requested' && releasePattern.test(release) ? { stage, family, event, release } : undefined;
}

/** Where a message goes that nobody could use: `primatrix.v1.dead.` and what followed `primatrix.v1.` before. */
export function deadLetterSubject(subject: string): string {
  if (!subject.startsWith(`${prefix}.`)) throw subjectError('subject', `${prefix}.…`, subject);
  return `${deadPrefix}${subject.slice(prefix.length)}`;
}

/** Filters over the dead letters of every subject, those with a release too. */
export const everyDeadLetter = [`${deadPrefix}.*.*.*`, `${deadPrefix}.*.*.*.*`] as const;

/**
 * Filters over every message of an event. Requests for a release are listed by stage: with a wildcard there, they
 * would be dead letters as well.
 */
export function everySubject(event: MessageEvent): string[] {
  const all = filterOf({ stage: '*', family: '*', event });
  return event === 'requested' ? [all, ...stages.map((stage) => `${prefix}.${stage}.*.${event}.*`)] : [all];
}

/** Where trainers say how far they are, to whoever follows a run; not kept. @param run one word */
export function progressSubject(run: string): string {
  if (!releasePattern.test(run)) throw subjectError('run', "a word of letters, digits, '_' and '-'", run);
  return `${prefix}.progress.${run}`;
}

function isMember<T extends string>(list: readonly T[], value: string): value is T {
  return (list as readonly string[]).includes(value);
}

function subjectError(part: string, rule: string, got: string): PrimatrixError {
  return new PrimatrixError('SUBJECT', `contracts: ${part} of a subject must be ${rule}, got '${got}'`, {
    fields: { part, got },
  });
}
