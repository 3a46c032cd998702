import { PrimatrixError } from './errors.ts';

/** What a subject may name as its stage, in the order in which a clip meets them. */
export const stages = ['ingest', 'features', 'nets', 'neighbours', 'stack', 'ensemble'] as const;
export type Stage = (typeof stages)[number];

/**
 * What a message says. `requested`: work that one service must do; `ready`: its output is stored;
 * `failed`: there will be no output for these inputs.
 */
export const messageEvents = ['requested', 'ready', 'failed'] as const;
export type MessageEvent = (typeof messageEvents)[number];

/** What a subject is made of; `family` names a package's subject matter, as `vgg16` or `image-hash`. */
export interface SubjectParts {
  readonly stage: Stage;
  readonly family: string;
  readonly event: MessageEvent;
}

/** {@link SubjectParts} of which `*` stands for any. The event is always given: it decides how messages are kept. */
export interface SubjectFilter {
  readonly stage: Stage | '*';
  readonly family: string;
  readonly event: MessageEvent;
}

const prefix = 'primatrix.v1';
const deadPrefix = `${prefix}.dead`;

/** Lower-case words, digits and single hyphens: one token of a subject, and a package or folder name. */
export const familyPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * The subject of a message, `primatrix.v1.<stage>.<family>.<event>`.
 * @throws PrimatrixError SUBJECT when a part is none
 */
export function subjectOf(parts: SubjectParts): string {
  // A filter is a subject unless it has a wildcard, which only a filter may have.
  if (parts.family === '*' || (parts.stage as string) === '*') throw subjectError('stage and family', 'named', '*');
  return filterOf(parts);
}

/** The subject filter that matches these parts, `*` standing for any. */
export function filterOf({ stage, family, event }: SubjectFilter): string {
  if (stage !== '*' && !isMember(stages, stage)) throw subjectError('stage', stages.join(', '), stage);
  if (family !== '*' && !familyPattern.test(family)) throw subjectError('family', 'lower-case words joined by hyphens', family);
  if (!isMember(messageEvents, event)) throw subjectError('event', messageEvents.join(', '), event);
  return `${prefix}.${stage}.${family}.${event}`;
}

/** The parts of a subject, undefined when it is none that {@link subjectOf} makes. */
export function parseSubject(subject: string): SubjectParts | undefined {
  const match = /^primatrix\.v1\.([^.]+)\.([^.]+)\.([^.]+)$/.exec(subject);
  const [stage, family, event] = [match?.[1] ?? '', match?.[2] ?? '', match?.[3] ?? ''];
  if (!isMember(stages, stage) || !familyPattern.test(family) || !isMember(messageEvents, event)) return undefined;
  return { stage, family, event };
}

/** Where a message goes that nobody could use: `primatrix.v1.dead.` and what followed `primatrix.v1.` before. */
export function deadLetterSubject(subject: string): string {
  if (!subject.startsWith(`${prefix}.`)) throw subjectError('subject', `${prefix}.…`, subject);
  return `${deadPrefix}${subject.slice(prefix.length)}`;
}

/** Filter over the dead letters of every subject. */
export const everyDeadLetter = `${deadPrefix}.*.*.*`;

function isMember<T extends string>(list: readonly T[], value: string): value is T {
  return (list as readonly string[]).includes(value);
}

function subjectError(part: string, rule: string, got: string): PrimatrixError {
  return new PrimatrixError('SUBJECT', `contracts: ${part} of a subject must be ${rule}, got '${got}'`, { fields: { part, got } });
}
