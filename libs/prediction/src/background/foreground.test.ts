import type { ClipFeatures } from '@primatrix/families';
import { expect, it } from 'vitest';
import { bundledFeatures } from '../bundle/bundled-family.ts';
import { bundleFaults } from '../bundle/bundle-rules.ts';
import { Foreground } from './foreground.ts';

const featuresOf = (...values: number[]): ReadonlyMap<string, ClipFeatures> =>
  new Map([
    [
      'dino',
      { tensor: { dtype: 'float32', shape: [values.length, 1], data: Float32Array.from(values) }, row: { a: 1 } },
    ],
  ]);
const foregroundOf = () => new Foreground('dino-foreground', { of: 'dino', boxes: [], usual: [10] });
const clipsOf = (foreground: Foreground, ...values: number[]) =>
  values.flatMap((value) => foreground.vectorsOf(featuresOf(value)) ?? []);

it("takes the site's own background off, and the usual one elsewhere", () => {
  const foreground = foregroundOf();
  foreground.learn('pond', clipsOf(foreground, 1, 2, 3));
  const rest = (site: string | undefined) => foreground.of(featuresOf(5, 6), site)?.tensor.data;
  expect(rest('pond')).toEqual(Float32Array.of(3, 4));
  expect(rest('hill')).toEqual(Float32Array.of(-5, -4));
  expect(rest(undefined)).toEqual(Float32Array.of(-5, -4));
  expect(foreground.of(featuresOf(5), 'pond')?.row).toEqual({});
  expect([foreground.knows('pond'), foreground.knows('hill'), foreground.knows(undefined)]).toEqual([
    true,
    false,
    false,
  ]);
  expect(foreground.digestAt('hill')).toBe(foreground.digestAt(undefined));
  expect(foreground.digestAt('pond')).not.toBe(foreground.digestAt('hill'));
});

it('does not take two clips for what a site looks like', () => {
  const foreground = foregroundOf();
  foreground.learn('pond', clipsOf(foreground, 1, 2));
  expect(foreground.knows('pond')).toBe(false);
});

it('has nothing of a clip without vectors', () => {
  expect(foregroundOf().of(new Map(), 'pond')).toBeUndefined();
  expect(foregroundOf().vectorsOf(new Map())).toBeUndefined();
});

it('is made by nobody who sees one clip', async () => {
  const part = {
    ...{
      family: 'dino-foreground',
      version: '1.0.0',
      settings: {},
      weightsDigest: null,
      weights: '',
      weightsFiles: [],
    },
    background: { of: 'dino', boxes: [], usual: [10] },
  };
  await expect(bundledFeatures('', part, [])).rejects.toMatchObject({ code: 'BUNDLE_BACKGROUND' });
});

it('must be made of features that the bundle has', () => {
  const parts = {
    ...{ classes: ['a'], nets: [], stacks: [], neighbours: { nets: [], ks: [] } },
    ensemble: { weights: {}, calibration: { method: 'none' as const } },
  };
  const foreground = { family: 'dino-foreground', background: { of: 'dino', motion: 'hash', boxes: [] } };
  expect(bundleFaults({ ...parts, features: [{ family: 'dino' }, { family: 'hash' }, foreground] })).toEqual([]);
  expect(bundleFaults({ ...parts, features: [{ family: 'dino' }, foreground] })).toEqual([
    { path: ['features', 1, 'background'], message: "names no features of the bundle: 'hash'" },
  ]);
});
