import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldsOfNewClips } from './folds-of-new-clips.ts';

const clips = (...groups: readonly string[]) => groups.map((group, i) => ({ key: `k${i}`, group }));

describe('foldsOfNewClips', () => {
  it('keeps the fold of a site that has one, and spreads the others by the number of new clips', () => {
    const folds = foldsOfNewClips(clips('old', 'a', 'a', 'a', 'b', 'b', 'c'), {
      known: new Map([['old', 3]]),
      sizes: [20, 10, 10],
    });
    // a: 3 clips, to the smallest fold without new ones; b: to the other one; c: fold 3 has one new clip, the fewest.
    expect([...folds]).toEqual([3, 2, 2, 2, 1, 1, 3]);
  });

  it('never has a site in two folds, and does not mind the order of coming', () => {
    const cases = fc.record({
      groups: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1, maxLength: 30 }),
      known: fc.dictionary(fc.constantFrom('a', 'b', 'z'), fc.integer({ min: 1, max: 3 })),
      sizes: fc.array(fc.nat(9), { minLength: 3, maxLength: 3 }),
    });
    fc.assert(
      fc.property(cases, ({ groups, known, sizes }) => {
        const given = { known: new Map(Object.entries(known)), sizes };
        const some = clips(...groups);
        const folds = foldsOfNewClips(some, given);
        const foldOf = new Map(some.map(({ group }, i) => [group, folds[i]]));
        some.forEach(({ group }, i) => expect(folds[i]).toBe(foldOf.get(group)));
        for (const [group, fold] of foldOf) expect(fold).toBe(given.known.get(group) ?? fold);
        expect([...foldsOfNewClips([...some].reverse(), given)].reverse()).toEqual([...folds]);
      }),
    );
  });
});
