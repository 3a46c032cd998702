import { describe, expect, it } from 'vitest';
import { nearestName } from './nearest-name.ts';

describe('nearestName', () => {
  const names = ['max_depth', 'max_leaves', 'eta', 'objective'];

  it.each([
    ['max_dept', 'max_depth'],
    ['maxDepth', 'max_depth'],
    ['objektive', 'objective'],
    ['beta', 'eta'],
    ['learning_speed', undefined],
    ['', undefined],
  ])('for %j is %j', (asked, expected) => {
    expect(nearestName(asked, names)).toBe(expected);
  });
});
