import { UsageError } from '@primatrix/contracts';
import { describe, expect, it } from 'vitest';
import { sampleClasses } from './animals/species.ts';
import { describeSample } from './describe.ts';
import { planSample, type ClipPlan } from './plan.ts';
import { sites } from './sites.ts';
import { sampleTables } from './tables.ts';

const ofSplit = (plans: readonly ClipPlan[], split: string): ClipPlan[] => plans.filter((plan) => plan.split === split);

describe('planSample', () => {
  it('plans 62 training, 26 test and 8 unlabelled clips of 96', () => {
    const plans = planSample({ clips: 96, seed: 1 });
    expect(['train', 'test', 'other'].map((split) => ofSplit(plans, split).length)).toEqual([62, 26, 8]);
    expect(new Set(plans.map((plan) => plan.file)).size).toBe(96);
    expect(plans.some((plan) => plan.file.endsWith('.avi'))).toBe(true);
    expect(plans.some((plan) => !plan.sound)).toBe(true);
  });

  it.each([1, 2, 3, 4, 5, 77])(
    'shows every class at three sites in training and in test, blank most often (seed %i)',
    (seed) => {
      const plans = planSample({ clips: 96, seed });
      const train = ofSplit(plans, 'train');
      const counts = sampleClasses.map((name) => train.filter((plan) => plan.labels.includes(name)).length);
      expect(Math.max(...counts)).toBe(counts[sampleClasses.indexOf('blank')]);
      for (const name of sampleClasses) {
        expect(
          new Set(train.filter((plan) => plan.labels.includes(name)).map((plan) => plan.site)).size,
          name,
        ).toBeGreaterThanOrEqual(3);
        expect(
          ofSplit(plans, 'test').some((plan) => plan.labels.includes(name)),
          name,
        ).toBe(true);
      }
      expect(new Set(train.map((plan) => plan.site)).size).toBe(sites.length);
      expect(ofSplit(plans, 'train').some((plan) => plan.labels.length === 2)).toBe(true);
    },
  );

  it('keeps the clips of one visit in one split, with the same animals', () => {
    for (const site of sites) {
      const here = planSample({ clips: 200, seed: 3 })
        .filter((plan) => plan.site === site.name)
        .sort((a, b) => a.capturedAt.localeCompare(b.capturedAt));
      const pairs = here.slice(1).map((plan, i) => [here[i] as ClipPlan, plan] as const);
      const close = pairs.filter(([a, b]) => Date.parse(b.capturedAt) - Date.parse(a.capturedAt) < 15 * 60_000);
      expect(close.length).toBeGreaterThan(0);
      for (const [a, b] of close) {
        expect(b.split).toBe(a.split);
        expect(b.labels.at(-1)).toBe(a.labels.at(-1));
      }
    }
  });

  it.each([16, 17, 24, 96, 333])('has a damaged file in every split and a clip of 9 frames, of %i', (clips) => {
    for (const seed of [1, 2, 3]) {
      const plans = planSample({ clips, seed });
      expect(plans).toHaveLength(clips);
      const spoilt = plans.filter((plan) => plan.damage !== 'none').map((plan) => `${plan.split} ${plan.damage}`);
      expect(spoilt.sort()).toEqual(['other text', 'test cut', 'train middle']);
      expect(
        plans.filter((plan) => plan.frames === 9 && plan.split === 'train' && plan.damage === 'none'),
      ).toHaveLength(1);
      for (const name of sampleClasses) {
        const healthy = ofSplit(plans, 'train').filter((plan) => plan.labels.includes(name) && plan.damage === 'none');
        expect(healthy.length, name).toBeGreaterThan(0);
      }
    }
  });

  it('gives another plan for another seed, and the same for the same', () => {
    expect(planSample({ clips: 20, seed: 5 })).toEqual(planSample({ clips: 20, seed: 5 }));
    expect(planSample({ clips: 20, seed: 5 })).not.toEqual(planSample({ clips: 20, seed: 6 }));
  });

  it.each([
    [15, 1],
    [16.5, 1],
    [Number.NaN, 1],
    [1e6, 1],
    [16, -1],
    [16, 0.5],
  ])('refuses %d clips with seed %d', (clips, seed) => {
    expect(() => planSample({ clips, seed })).toThrow(UsageError);
  });
});

describe('describeSample', () => {
  it('says in words what a clip shows', () => {
    const described = describeSample({ clips: 96, seed: 1 });
    const blank = described.find((clip) => clip.labels[0] === 'blank');
    expect(blank?.description).toContain('only wind in the leaves');
    const elephant = described.find((clip) => clip.labels[0] === 'elephant' && clip.labels.length === 1);
    expect(elephant?.description).toMatch(/^(day|night) at [a-z]+-0\d: \d elephants?; \d\.\d s with/);
  });
});

describe('sampleTables', () => {
  it('writes tables that agree with each other and with the plan', () => {
    const plans = planSample({ clips: 96, seed: 1 });
    const tables = sampleTables(plans, 1);
    const rows = (name: string): string[][] =>
      (tables[name] as string)
        .trimEnd()
        .split('\n')
        .map((line) => line.split(','));
    const files = (name: string): string[] =>
      rows(name)
        .slice(1)
        .map((row) => row[0] as string);
    for (const name of ['train_labels.csv', 'test_labels.csv', 'submission_format.csv']) {
      expect(rows(name)[0]).toEqual(['filename', ...sampleClasses]);
    }
    expect(files('test_labels.csv')).toEqual(files('submission_format.csv'));
    expect(files('train_labels.csv').filter((file) => files('test_labels.csv').includes(file))).toEqual([]);
    expect(
      rows('submission_format.csv')
        .slice(1)
        .every((row) => row.slice(1).every((cell) => cell === '0')),
    ).toBe(true);
    expect(
      rows('train_labels.csv')
        .slice(1)
        .every((row) => row.slice(1).includes('1')),
    ).toBe(true);
    expect(files('clips.csv')).toEqual(plans.map((plan) => plan.file));
    expect(tables['README.txt']).toContain('SYNTHETIC');
  });
});
