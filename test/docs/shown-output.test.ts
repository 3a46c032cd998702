import { describe, expect, it } from 'vitest';
import { compareShown } from '../support/shown-output.ts';

const printed =
  'train ████████████████████████ 100 %  1 s left\n' +
  'trained: 19 stages, 3 of them unchanged  (4 s)\n' +
  '32 clips: 29 ok\n\n' +
  'model     log loss\n' +
  'ensemble  0.1704\n';

describe('what a page shows', () => {
  it.each([
    ['the same lines', 'trained: 19 stages, 3 of them unchanged  (4 s)\n32 clips: 29 ok'],
    ['anything within a line', 'trained: 19 stages, …'],
    ['any lines between', '32 clips: 29 ok\n…\nensemble  0.1704'],
    ['a number that is a little off', 'ensemble  0.1999'],
    ['columns of another width', 'model  log loss\nensemble     0.1704'],
  ])('holds: %s', (_what, shown) => expect(compareShown(shown, printed)).toBeUndefined());

  it.each([
    ['another whole number', '32 clips: 28 ok'],
    ['a number that is far off', 'ensemble  0.3704'],
    ['another word', 'stages: 19 trained, …'],
    ['lines in another order', 'ensemble  0.1704\n…\n32 clips: 29 ok'],
    ['lines with others between', '32 clips: 29 ok\nensemble  0.1704'],
    ['a line that goes on', 'trained: 19 stages'],
  ])('does not hold: %s', (_what, shown) => expect(compareShown(shown, printed)).toBeDefined());
});
