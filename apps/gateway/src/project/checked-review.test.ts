import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HttpProblem } from '../http/http-problem.ts';
import { checkedReview } from './checked-review.ts';

const classes = ['Empty', 'hog', 'constructor', 'l\u00e9opard'];
const corrected = (...species: string[]) =>
  checkedReview({ decision: 'corrected', species } as Parameters<typeof checkedReview>[0], classes, ['okapi']).species;

describe('checkedReview', () => {
  it('spells species as they are known, each once', () => {
    expect(corrected('HOG', 'le\u0301opard', 'Okapi', 'hog', 'Constructor', 'toString', 'tostring')).toEqual([
      'hog',
      'l\u00e9opard',
      'okapi',
      'constructor',
      'toString',
    ]);
  });

  it('calls a blank clip what the bundle calls it', () => {
    expect(checkedReview({ decision: 'blank', species: [] } as never, classes, []).species).toEqual(['Empty']);
    expect(checkedReview({ decision: 'blank', species: [] } as never, ['hog'], []).species).toEqual(['blank']);
  });

  it.each([[['hog', 'empty']], [['hog', 'blank']], [['NA']], [['status']], [['a|b']], [[]]])('refuses %j', (species) =>
    expect(() => corrected(...species)).toThrow(HttpProblem),
  );

  it('refuses or keeps: what it keeps it keeps again as it is', () => {
    const word = fc.oneof(
      fc.constantFrom('hog', 'Hog', 'blank', 'empty', 'none', '__proto__', 'e\u0301', '\u00e9', 'filename'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 3 }), (species) => {
        let kept: readonly string[];
        try {
          kept = corrected(...species);
        } catch (error) {
          expect(error).toBeInstanceOf(HttpProblem);
          return;
        }
        expect(corrected(...kept)).toEqual(kept);
        expect(new Set(kept.map((name) => name.toLowerCase())).size).toBe(kept.length);
      }),
    );
  });
});
