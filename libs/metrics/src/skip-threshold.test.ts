import { Rng } from '@primatrix/rng';
import { describe, expect, it } from 'vitest';
import { skipThreshold, type SkipTarget } from './skip-threshold.ts';

const classes = ['blank', 'hog', 'human', 'bird'];

/** One clip a pair: its probability of blank, and the classes it shows. */
function clips(rows: readonly (readonly [blank: number, ...shows: string[]])[]) {
  return {
    classes,
    predictions: Float64Array.from(rows.flatMap(([p]) => [p, 1 - p, 0, 0])),
    labels: Uint8Array.from(rows.flatMap(([, ...shows]) => classes.map((name) => (shows.includes(name) ? 1 : 0)))),
  };
}

/** Clips of `sites` sites; blank ones have a probability of blank near 1, animals near 0, and both err. */
function drawn(seed: number, sites: number, perSite: number) {
  const rng = new Rng(seed);
  const groups: number[] = [];
  const rows = Array.from({ length: sites * perSite }, (_, i): [number, string] => {
    const site = Math.floor(i / perSite);
    groups.push(site);
    const shows = rng.uniform() < 0.5 ? 'blank' : 'hog';
    // Some sites are harder than others.
    const hard = site % 4 === 0 ? 1.2 : 0;
    return [1 / (1 + Math.exp(-(shows === 'blank' ? 2 : -2 + hard) - 1.5 * rng.normal())), shows];
  });
  return { scored: clips(rows), groups };
}

const lossAt = (threshold: number | null, { predictions, labels }: ReturnType<typeof clips>) => {
  let [animals, lost] = [0, 0];
  for (let row = 0; row * 4 < labels.length; row++) {
    if (labels[row * 4 + 1] !== 1) continue;
    animals++;
    if (threshold !== null && (predictions[row * 4] as number) >= threshold) lost++;
  }
  return lost / animals;
};

describe('the plain threshold', () => {
  const scored = clips([
    [0.95, 'blank'],
    [0.9, 'hog'],
    [0.8, 'blank'],
    [0.7, 'human'],
    [0.6, 'blank'],
    [0.5, 'bird'],
    [0.4, 'blank'],
    [0.2, 'bird'],
    [0.1, 'hog', 'blank'],
  ]);

  it('is the lowest that loses no more than asked', () => {
    // 4 animals: the clip of hog and blank is one, the human is none.
    const { plain, animals, people } = skipThreshold(scored, { lose: 0.25 });
    expect({ animals, people }).toEqual({ animals: 4, people: ['human'] });
    expect(plain.threshold).toBe(0.6);
    expect(plain.skipped).toMatchObject({ clips: 5, share: 5 / 9 });
    expect(plain.animals).toMatchObject({ clips: 4, lost: 1, share: 0.25 });
    expect(plain.perClass).toMatchObject({
      hog: { clips: 2, lost: 1 },
      human: { clips: 1, lost: 1 },
      bird: { clips: 2, lost: 0 },
    });
    expect(plain.perClass).not.toHaveProperty('blank');
  });

  it('loses none where none may be lost', () => {
    expect(skipThreshold(scored, { lose: 0 }).plain).toMatchObject({
      threshold: 0.95,
      skipped: { clips: 1 },
      animals: { lost: 0 },
    });
    // An animal is the surest blank: nothing can be skipped.
    expect(
      skipThreshold(
        clips([
          [0.9, 'hog'],
          [0.8, 'blank'],
        ]),
        { lose: 0 },
      ).plain,
    ).toMatchObject({ threshold: null, skipped: { share: 0 }, animals: { lost: 0, upperBound: 0 } });
  });

  it('skips clips of equal probability together', () => {
    expect(
      skipThreshold(
        clips([
          [0.9, 'blank'],
          [0.5, 'hog'],
          [0.5, 'bird'],
          [0.5, 'blank'],
          [0.1, 'hog'],
        ]),
        { lose: 0.34 },
      ).plain.threshold,
    ).toBe(0.9);
  });

  it('counts people as animals where that is asked for', () => {
    expect(skipThreshold(scored, { lose: 0.25, people: [] })).toMatchObject({
      animals: 5,
      people: [],
      plain: { threshold: 0.8 },
    });
  });
});

describe('the careful threshold', () => {
  it('skips nothing where there are too few animals to be sure', () => {
    const few = clips([...Array.from({ length: 58 }, (): [number, string] => [0.1, 'hog']), [0.9, 'blank']]);
    expect(skipThreshold(few, { lose: 0.05 })).toMatchObject({
      plain: { threshold: 0.9 },
      careful: { threshold: null, animals: { upperBound: 0 } },
    });
    const enough = clips([...Array.from({ length: 59 }, (): [number, string] => [0.1, 'hog']), [0.9, 'blank']]);
    expect(skipThreshold(enough, { lose: 0.05 }).careful).toMatchObject({ threshold: 0.9, animals: { lost: 0 } });
  });

  it('has its upper bound within the target, above the plain one', () => {
    const { scored, groups } = drawn(3, 40, 25);
    for (const lose of [0.02, 0.05, 0.1]) {
      const { plain, careful } = skipThreshold(scored, { lose, groups });
      expect(careful.animals.upperBound).toBeLessThanOrEqual(lose);
      expect(careful.threshold as number).toBeGreaterThanOrEqual(plain.threshold as number);
      expect(plain.animals.share).toBeLessThanOrEqual(lose);
    }
  });

  it('keeps its promise on clips of other sites far more often than the plain one', () => {
    const world = drawn(99, 400, 50).scored;
    const broken = { plain: 0, careful: 0 };
    const trials = 60;
    for (let trial = 0; trial < trials; trial++) {
      const { scored, groups } = drawn(1000 + trial, 32, 20);
      const { plain, careful } = skipThreshold(scored, { lose: 0.1, groups });
      if (lossAt(plain.threshold, world) > 0.1) broken.plain++;
      if (lossAt(careful.threshold, world) > 0.1) broken.careful++;
    }
    // One in twenty is promised; 60 trials of that are more than 7 one time in a hundred.
    expect(broken.careful).toBeLessThanOrEqual(7);
    expect(broken.plain).toBeGreaterThan(15);
  });

  it('is less sure of the same clips from fewer sites', () => {
    const { scored } = drawn(3, 40, 25);
    const groups = Uint32Array.from({ length: 1000 }, (_, row) => Math.floor(row / 125));
    const [sites, single] = [
      skipThreshold(scored, { lose: 0.1, groups }),
      skipThreshold(scored, { lose: 0.1, groups: new Uint32Array(1000) }),
    ];
    expect(sites.groups).toBe(8);
    expect(sites.careful.threshold as number).toBeGreaterThanOrEqual(single.careful.threshold as number);
    expect(single.careful.skipped.standardError).toBeNull();
  });
});

describe('what cannot be answered', () => {
  const some = clips([
    [0.9, 'blank'],
    [0.1, 'hog'],
  ]);
  it.each<[string, SkipTarget, string]>([
    ['a target of all', { lose: 1 }, 'below 1, got 1'],
    ['a target below none', { lose: -0.1 }, 'got -0.1'],
    ['an unknown blank', { lose: 0.05, blank: 'empty' }, 'no class "empty"'],
    ['unknown people', { lose: 0.05, people: ['ranger'] }, 'no class "ranger"'],
  ])('refuses %s', (_, target, message) => {
    expect(() => skipThreshold(some, target)).toThrow(message);
  });

  it('refuses clips without an animal', () => {
    expect(() =>
      skipThreshold(
        clips([
          [0.9, 'blank'],
          [0.9, 'human'],
        ]),
        { lose: 0.05 },
      ),
    ).toThrow('at least one clip of an animal');
  });
});
