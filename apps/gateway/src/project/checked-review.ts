import { classNameFault, isBlankClass } from '@primatrix/dataset';
import type { Observation, ReviewInput } from '@primatrix/review-api';
import { blankClassOf } from '../clips/find-clips.ts';
import { HttpProblem } from '../http/http-problem.ts';

/** What of a review is checked together. */
type Checked = Pick<ReviewInput, 'decision' | 'species' | 'observations'>;

/**
 * A review as it can be kept: species in the spelling that is known, each once.
 * @throws HttpProblem 422 where decision, species and observations do not fit together, or a name cannot be a class
 */
export function checkedReview(
  { decision, species, observations }: Checked,
  classes: readonly string[],
  others: readonly string[],
): Checked {
  if (decision === 'blank') return { decision, species: [blankClassOf(classes)] };
  if (decision === 'open' || decision === 'unsure') return { decision, species: [] };
  const keyOf = (name: string) => name.normalize('NFC').toLowerCase();
  // Spelt as it was first: in the bundle, in earlier reviews, in this one.
  const spelling = new Map<string, string>();
  for (const name of [...classes, ...others]) if (!spelling.has(keyOf(name))) spelling.set(keyOf(name), name);
  const names = new Set<string>();
  for (const given of species) {
    const name = spelling.get(keyOf(given)) ?? given.normalize('NFC');
    spelling.set(keyOf(given), name);
    names.add(name);
  }
  if (names.size === 0) {
    throw new HttpProblem(
      422,
      'REVIEW_SPECIES',
      `a clip that is ${decision} must have at least one species, got none`,
      { hint: 'use blank or unsure where there is none to name' },
    );
  }
  for (const name of names) {
    // What the bundle calls a class can be said of a clip.
    const fault = classes.includes(name) ? undefined : classNameFault(name);
    if (fault !== undefined || /[\x00-\x1f\x7f|]/.test(name)) {
      throw new HttpProblem(
        422,
        'REVIEW_SPECIES',
        `'${name}' cannot be the name of a species: tables use it for something else or for what is not known, or it has control characters or |`,
      );
    }
  }
  if (names.size > 1 && [...names].some(isBlankClass)) {
    throw new HttpProblem(422, 'REVIEW_SPECIES', 'a blank clip shows no other species');
  }
  const spelt = observations?.map((one) => ({ ...one, species: spelling.get(keyOf(one.species)) ?? one.species }));
  checkObservations(spelt ?? [], names);
  return {
    decision,
    species: [...names],
    ...(spelt === undefined || spelt.length === 0 ? {} : { observations: spelt }),
  };
}

function checkObservations(observations: readonly Observation[], species: ReadonlySet<string>): void {
  for (const { species: name, from, to } of observations) {
    if (!species.has(name)) {
      throw new HttpProblem(
        422,
        'REVIEW_OBSERVATION',
        `an observation must be of a species of the clip, got '${name}'`,
        {
          hint: `name it among the species, which are ${[...species].join(', ')}`,
        },
      );
    }
    if (from !== undefined && to !== undefined && to < from) {
      throw new HttpProblem(
        422,
        'REVIEW_OBSERVATION',
        `an observation must not end before it begins, got ${from} s to ${to} s`,
      );
    }
  }
}
