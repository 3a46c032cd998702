import { digestOf } from '@primatrix/files';
import type { ModelFolder } from './model-folder.ts';

/** Fields of a card that change no number. */
const forPeople: ReadonlySet<string> = new Set(['$schema', 'summary', 'licence', 'commercialUse', 'source']);

/** All of a model that changes what it says: its files' digests, how its input is made, how its output is read, and its labels. */
export function modelFacts({ card, labels }: ModelFolder): readonly unknown[] {
  return [Object.entries(card).filter(([field]) => !forPeople.has(field)), labels];
}

/** Identifies a model: of two that have the same one, results are the same. */
export function modelDigest(model: ModelFolder): string {
  return digestOf(modelFacts(model));
}

/** Equal for versions of a model that can stand in for each other: of one kind and one width, with the same classes. */
export function modelAnswers({ card, labels }: ModelFolder): string {
  const { kind, output } = card;
  return digestOf({ kind, width: 'width' in output ? output.width : null, labels });
}

/** Name, version and licence: `yolox-nano 1.0.0 (Apache-2.0)`. */
export function modelName({ card: { name, version, licence } }: ModelFolder): string {
  return `${name} ${version} (${licence})`;
}

/** What must be said of a model's licence wherever results are shown; undefined where it allows commercial use. */
export function licenceCaution({ card: { name, licence, commercialUse } }: ModelFolder): string | undefined {
  if (commercialUse === true) return undefined;
  return commercialUse === null
    ? `${name}: nobody has said whether its licence (${licence}) allows commercial use`
    : `${name}: its licence (${licence}) forbids commercial use`;
}
