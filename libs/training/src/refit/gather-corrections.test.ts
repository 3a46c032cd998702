import { describe, expect, it } from 'vitest';
import { gatherCorrections } from './gather-corrections.ts';
import type { RefitTraining } from './refit-training.ts';

const clip = (sha256: string, split: 'train' | 'test') => ({ sha256, split, site: 's' });
const training = {
  facts: {
    filenames: ['a/x.mp4', 'b/x.mp4', 'c/y.mp4'],
    classes: ['bird', 'hog'],
    labels: Uint8Array.of(1, 0, 1, 0, 1, 0),
  },
  clips: new Map([
    ['a/x.mp4', clip('1', 'train')],
    ['b/x.mp4', clip('2', 'train')],
    ['c/y.mp4', clip('3', 'train')],
    ['d/z.mp4', clip('4', 'test')],
  ]),
} as unknown as RefitTraining;
const gathered = (...names: string[]) =>
  gatherCorrections({ sources: [], ofDataset: new Map(names.map((name) => [name, Uint8Array.of(0, 1)])) }, training);

describe('labels of clips of the training', () => {
  it('name them by path, or by base name where only one has it', () => {
    expect([...gathered('y.mp4', 'a/x.mp4').relabelled.keys()].sort()).toEqual(['a/x.mp4', 'c/y.mp4']);
    expect(gathered('z.mp4').added.map(({ sha256 }) => sha256)).toEqual(['4']);
  });

  it.each([
    ['x.mp4', /names? x\.mp4, but several clips of the training have that base name/],
    ['q.mp4', /names? q\.mp4, but nobody has predicted it/],
    ['e/y.mp4', /names? e\/y\.mp4, but nobody has predicted it/],
  ])('%s is refused', (name, says) => expect(() => gathered('a/x.mp4', name)).toThrow(says));
});
