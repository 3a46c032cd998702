import { expect, it } from 'vitest';
import type { Act } from './review-entry.ts';
import { ReviewHistory } from './review-history.ts';

const at = '2026-03-01T00:00:00.000Z';
const act = (name: string, from: string, ...reviews: Act['reviews']): Act => ({ act: name, from, at, reviews });
const blank = (clip: string) => ({ clip, decision: 'blank' as const, species: ['blank'] });
const hog = (clip: string) => ({ clip, decision: 'corrected' as const, species: ['hog'] });

it('undoes one act alone: what was decided before comes back, what others decided since stays', () => {
  const history = new ReviewHistory();
  history.take({ ...hog('a'), at });
  history.take(act('1', 'ana', blank('a'), blank('b'), blank('c')));
  history.take(act('2', 'ben', hog('b')));
  expect([...history.take({ undo: '1', at })]).toEqual([
    ['a', { ...hog('a'), at }],
    ['c', undefined],
  ]);
  expect(history.of('b')).toMatchObject({ decision: 'corrected', act: '2' });
  // Ben's comes off, too: nothing of Ana's, which is undone, comes back.
  expect([...history.take({ undo: '2', at })]).toEqual([['b', undefined]]);
  expect([...history.take({ undo: '2', at })]).toEqual([]);
});

it('keeps a stack for each place from which decisions come', () => {
  const history = new ReviewHistory();
  history.take(act('1', 'ana', blank('a')));
  history.take(act('2', 'ben', blank('b')));
  history.take(act('3', 'ana', blank('c')));
  const undone: string[] = [];
  for (let last = history.lastFrom('ana'); last !== undefined; last = history.lastFrom('ana')) {
    undone.push(last.act);
    history.take({ undo: last.act, at });
  }
  expect(undone).toEqual(['3', '1']);
  expect([...history.all()].map(({ clip }) => clip)).toEqual(['b']);
});
