import type { Clip } from '@primatrix/dataset';
import { describe, expect, it } from 'vitest';
import { requireTrainable } from './require-trainable.ts';

const classes = ['blank', 'hog', 'constructor'];
const clip = (name: string, label: number, rest: Partial<Clip> = {}): Clip => ({
  filename: name,
  path: `/${name}`,
  bytes: 1,
  split: 'train',
  labels: Uint8Array.from(classes, (_, c) => Number(c === label)),
  ...rest,
});
const four = (...labels: number[]) => labels.map((label, i) => clip(`${i}.mp4`, label));
const codeOf = (clips: readonly Clip[], folds = 2): unknown => {
  try {
    return requireTrainable({ classes, clips }, { folds, seed: 1 });
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('what is refused before any work', () => {
  it.each([
    ['one class', four(1, 1, 1, 1), 'DATASET_ONE_CLASS'],
    ['one class beside clips of no file', [...four(1, 1), clip('x', 0, { bytes: null })], 'DATASET_ONE_CLASS'],
    ['no labelled clip that is there', [clip('x', 0, { bytes: null })], 'DATASET_ONE_CLASS'],
    ['fewer clips than folds', four(0), 'DATASET_ONE_CLASS'],
    ['one site', four(0, 1, 1, 0).map((one) => ({ ...one, site: 's' })), 'FOLDS_TOO_MANY'],
  ])('%s', (_, clips, code) => expect(codeOf(clips)).toBe(code));

  it('more folds than clips', () => expect(codeOf(four(0, 1), 3)).toBe('FOLDS_TOO_MANY'));

  it('and not two classes, whatever they are called', () => {
    expect(codeOf(four(2, 2, 0, 0))).toBeUndefined();
    expect(
      codeOf(four(0, 1, 1, 0).map((one, i) => ({ ...one, site: i < 2 ? '__proto__' : 'toString' }))),
    ).toBeUndefined();
  });
});
