import type { ReviewInput } from '@primatrix/review-api';
import { blankClass } from '../clips/find-clips.ts';
import { HttpProblem } from '../http/http-problem.ts';

/** Tables use these names for other columns. */
const reserved = new Set(['filename', 'fold', 'status', 'fault', 'reason', 'frames_decoded', 'frames_expected']);

/**
 * A review as it can be kept: species in the spelling that is known, each once.
 * @throws HttpProblem 422 where decision and species do not fit together, or a name cannot be a class
 */
export function checkedReview(
  { decision, species }: ReviewInput,
  classes: readonly string[],
  others: readonly string[],
): Pick<ReviewInput, 'decision' | 'species'> {
  if (decision === 'blank') return { decision, species: [blankClass] };
  if (decision === 'open' || decision === 'unsure') return { decision, species: [] };
  const spelling = new Map([...classes, ...others].map((name) => [name.toLowerCase(), name]));
  const names = [...new Set(species.map((name) => spelling.get(name.toLowerCase()) ?? name))];
  if (names.length === 0) {
    throw new HttpProblem(
      422,
      'REVIEW_SPECIES',
      `a clip that is ${decision} must have at least one species, got none`,
      { hint: 'use blank or unsure where there is none to name' },
    );
  }
  for (const name of names) {
    if (reserved.has(name.toLowerCase()) || /[\x00-\x1f\x7f|]/.test(name)) {
      throw new HttpProblem(
        422,
        'REVIEW_SPECIES',
        `'${name}' cannot be the name of a species: tables use it for something else, or it has control characters or |`,
      );
    }
  }
  if (names.length > 1 && names.includes(blankClass)) {
    throw new HttpProblem(422, 'REVIEW_SPECIES', 'a blank clip shows no other species');
  }
  return { decision, species: names };
}
