import { writeFile } from 'node:fs/promises';
import { Rng } from '@primatrix/rng';
import { temporaryFolder } from '@primatrix/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatasetError } from './dataset-error.ts';
import { foldsFromTables, makeFolds, type FoldClip } from './folds.ts';

const classes = ['blank', 'bird', 'hog', 'lion'];

/** Clips as camera traps take them: mostly blank, few lions, some with two classes. */
const anyClips = fc
  .record({ seed: fc.nat(), count: fc.integer({ min: 8, max: 80 }), sites: fc.option(fc.integer({ min: 8, max: 30 })) })
  .map(({ seed, count, sites }) => trapClips(seed, count, sites));

function trapClips(seed: number, count: number, sites: number | null): FoldClip[] {
  const rng = Rng.of(seed, 'test-clips');
  return Array.from({ length: count }, (_, i) => {
    const u = rng.uniform();
    const main = u < 0.6 ? 0 : u < 0.85 ? 1 : u < 0.97 ? 2 : 3;
    const labels = new Uint8Array(classes.length);
    labels[main] = 1;
    if (main > 0 && rng.uniform() < 0.2) labels[1] = 1;
    // Squared: a few sites take most clips; the first eight clips are at sites of their own, so that 8 folds are possible.
    const site = sites === null ? undefined : `s${i < 8 ? i : Math.floor(rng.uniform() ** 2 * sites)}`;
    return { filename: `c${i}.mp4`, labels, ...(site === undefined || (i > 8 && rng.uniform() < 0.1) ? {} : { site }) };
  });
}

/** Over classes, and over all clips: squared distance of every fold's share from an even share, summed. */
function imbalance(clips: readonly FoldClip[], folds: readonly (readonly string[])[]): number {
  const byName = new Map(clips.map((clip) => [clip.filename, clip]));
  let sum = 0;
  for (let c = 0; c <= classes.length; c++) {
    const counts = folds.map((fold) =>
      fold.reduce((n, name) => n + (c === classes.length ? 1 : (byName.get(name)?.labels[c] ?? 0)), 0),
    );
    const total = counts.reduce((a, b) => a + b, 0);
    if (total > 0) sum += counts.reduce((a, count) => a + (count / total - 1 / folds.length) ** 2, 0);
  }
  return sum;
}

/** Folds by lot, of the same groups: what stratification must beat. */
function randomFolds(clips: readonly FoldClip[], folds: number, seed: number): string[][] {
  const rng = new Rng(seed);
  const foldOfSite = new Map<string, number>();
  const result = Array.from({ length: folds }, (): string[] => []);
  for (const { filename, site } of clips) {
    const fold = (site === undefined ? undefined : foldOfSite.get(site)) ?? rng.int(folds);
    if (site !== undefined) foldOfSite.set(site, fold);
    (result[fold] as string[]).push(filename);
  }
  return result;
}

describe('makeFolds', () => {
  it('puts every clip into exactly one fold, and leaves none empty', () => {
    fc.assert(
      fc.property(
        anyClips,
        fc.integer({ min: 2, max: 8 }),
        fc.nat(),
        fc.boolean(),
        (clips, folds, seed, groupBySite) => {
          const result = makeFolds(clips, { classes, folds, seed, groupBySite }).folds;
          expect(result.length).toBe(folds);
          expect(result.flat().sort()).toEqual(clips.map((clip) => clip.filename).sort());
          expect(result.every((fold) => fold.length > 0)).toBe(true);
        },
      ),
    );
  });

  it('keeps every site in one fold', () => {
    fc.assert(
      fc.property(anyClips, fc.integer({ min: 2, max: 8 }), fc.nat(), (clips, folds, seed) => {
        const { folds: result } = makeFolds(clips, { classes, folds, seed });
        const siteOf = new Map(clips.map((clip) => [clip.filename, clip.site]));
        const foldsOfSite = new Map<string, Set<number>>();
        result.forEach((fold, index) => {
          for (const name of fold) {
            const site = siteOf.get(name);
            if (site !== undefined) foldsOfSite.set(site, (foldsOfSite.get(site) ?? new Set()).add(index));
          }
        });
        expect([...foldsOfSite.values()].filter((set) => set.size > 1)).toEqual([]);
      }),
    );
  });

  it('gives the same folds for the same seed, in whatever order the clips come', () => {
    fc.assert(
      fc.property(anyClips, fc.nat(), (clips, seed) => {
        const options = { classes, folds: 4, seed };
        const shuffled = new Rng(seed).shuffle([...clips]);
        expect(makeFolds(shuffled, options)).toEqual(makeFolds(clips, options));
      }),
    );
    const clips = trapClips(1, 60, null);
    expect(makeFolds(clips, { classes, folds: 4, seed: 1 })).not.toEqual(
      makeFolds(clips, { classes, folds: 4, seed: 2 }),
    );
  });

  it.each([
    ['without sites', null],
    ['with sites', 60],
  ])('balances classes and sizes far better than chance, %s', (_, sites) => {
    const clips = trapClips(5, 600, sites);
    const ours = imbalance(clips, makeFolds(clips, { classes, folds: 5, seed: 3 }).folds);
    const chance = Array.from({ length: 50 }, (__, i) => imbalance(clips, randomFolds(clips, 5, i))).sort(
      (a, b) => a - b,
    );
    expect(ours).toBeLessThan((chance[0] as number) * 0.5);
  });

  it('spreads every class to within two clips of an even share', () => {
    const clips = trapClips(9, 500, null);
    const { folds } = makeFolds(clips, { classes, folds: 5, seed: 0 });
    classes.forEach((_, c) => {
      const counts = folds.map(
        (fold) => fold.filter((name) => clips.find((clip) => clip.filename === name)?.labels[c] === 1).length,
      );
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
    });
  });

  it('takes classes rarer than the folds, and says so', () => {
    const clips = ['a', 'b', 'c', 'd', 'e', 'f'].map((filename, i) => ({
      filename,
      labels: Uint8Array.of(1, i < 2 ? 1 : 0),
      site: `s${i}`,
    }));
    const { folds, warnings } = makeFolds(clips, { classes: ['blank', 'lion'], folds: 5, seed: 0 });
    expect(folds.filter((fold) => fold.includes('a') || fold.includes('b')).length).toBe(2);
    expect(warnings).toEqual([
      {
        class: 'lion',
        clips: 2,
        groups: 2,
        message: 'class "lion" has 2 clips at 2 sites: 3 of 5 folds validate without it',
      },
    ]);
  });

  it('refuses more folds than sites, saying how many are possible', () => {
    const clips = ['a', 'b', 'c', 'd'].map((filename, i) => ({
      filename,
      labels: Uint8Array.of(1),
      site: i < 2 ? 'n' : 's',
    }));
    const attempt = (groupBySite: boolean, folds: number) => () =>
      makeFolds(clips, { classes: ['x'], folds, seed: 0, groupBySite });
    expect(attempt(true, 3)).toThrow(DatasetError);
    expect(attempt(true, 3)).toThrow(
      expect.objectContaining({
        code: 'FOLDS_TOO_MANY',
        fields: { folds: 3, possible: 2, grouped: true },
        hint: expect.stringContaining('--folds 2') as string,
      }),
    );
    expect(attempt(false, 3)).not.toThrow();
    expect(attempt(false, 5)).toThrow(expect.objectContaining({ fields: { folds: 5, possible: 4, grouped: false } }));
    expect(attempt(true, 1)).toThrow(expect.objectContaining({ code: 'FOLDS_SETTINGS' }));
    expect(() => makeFolds(clips, { classes: ['x'], folds: 2, seed: 0.5 })).toThrow('seed');
    expect(() => makeFolds([], { classes: ['x'], folds: 2, seed: 0 })).toThrow('got 0');
    expect(() => makeFolds([...clips, ...clips], { classes: ['x'], folds: 2, seed: 0 })).toThrow('twice');
    expect(() => makeFolds(clips, { classes: ['x', 'y'], folds: 2, seed: 0 })).toThrow('must have 2 labels, got 1');
  });
});

describe('foldsFromTables', () => {
  it('needs the tables only', async () => {
    await using folder = await temporaryFolder();
    await writeFile(folder.join('l.csv'), 'filename,bird,hog\na,1,0\nb,1,0\nc,0,1\nd,0,1\n');
    await writeFile(folder.join('s.csv'), 'filename,site\na,n\nb,n\nc,s\nd,s\nz,t\n');
    const options = { folds: 2, seed: 1 };
    const bySite = await foldsFromTables({ labels: folder.join('l.csv'), sites: folder.join('s.csv') }, options);
    expect([...bySite.folds].sort()).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    const byClip = await foldsFromTables({ labels: folder.join('l.csv') }, options);
    expect(byClip.folds.map((fold) => fold.length)).toEqual([2, 2]);
    expect(byClip.warnings).toEqual([]);
    await writeFile(folder.join('s.csv'), 'filename,captured_at\na,2016-01-01\n');
    await expect(
      foldsFromTables({ labels: folder.join('l.csv'), sites: folder.join('s.csv') }, options),
    ).rejects.toMatchObject({ code: 'CSV_HEADER' });
  });
});
