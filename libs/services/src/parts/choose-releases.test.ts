import { describe, expect, it } from 'vitest';
import type { BundlePart } from './bundle-parts.ts';
import { checkRanges, chooseReleases, rangesFor, readCanary } from './choose-releases.ts';

const net: BundlePart = {
  stage: 'nets',
  family: 'net',
  name: 'net',
  version: '1.2.0',
  release: 'own',
  modelDigest: null,
  contract: 'c',
  reads: 'dots',
};
const announced = (version: string, release: string, contract = 'c') => ({
  name: 'net',
  version,
  description: '',
  metadata: { release, contract },
});
const choose = (range: string | undefined, others: ReturnType<typeof announced>[] = []) =>
  chooseReleases([net], range === undefined ? {} : { net: range }, async () => others);

describe('chooseReleases', () => {
  it("takes the bundle's own where nothing is pinned or it is in the range, else the newest that can stand in", async () => {
    const others = [
      announced('1.3.0', 'a'),
      announced('1.4.0', 'b'),
      announced('1.5.0', 'foreign', 'd'),
      announced('2.0.0', 'e'),
    ];
    expect(await choose(undefined)).toEqual({ releases: { net: 'own' }, none: [] });
    expect(await choose('^1.0.0', others)).toEqual({ releases: { net: 'own' }, none: [] });
    expect(await choose('^1.3.0', others)).toEqual({ releases: { net: 'b' }, none: [] });
    expect(await choose('1.5.x', others)).toEqual({ releases: {}, none: ['net'] });
  });
});

describe('canaries', () => {
  it('are read, or refused with the rule', () => {
    expect(readCanary('net-a@1.4.0=0.1')).toEqual({ part: 'net-a', range: '1.4.0', share: 0.1 });
    for (const text of ['net', 'net@1.4.0', 'net@new=0.1', 'net@1.4.0=2', 'net@1.4.0=-1']) {
      expect(() => readCanary(text)).toThrow('a canary must read');
    }
  });

  it('take their share of the clips, the same each time, and give way to a pin', () => {
    const canary = readCanary('net@1.4.0=0.25');
    const clips = Array.from({ length: 2_000 }, (_, i) => `clip-${i}`);
    const taken = clips.filter((clip) => rangesFor(clip, {}, [canary])['net'] === '1.4.0');
    expect(taken.length / clips.length).toBeCloseTo(0.25, 1);
    expect(clips.filter((clip) => rangesFor(clip, {}, [canary])['net'] === '1.4.0')).toEqual(taken);
    expect(rangesFor(taken[0] ?? '', { net: '1.2.0' }, [canary])).toEqual({ net: '1.2.0' });
    expect(clips.some((clip) => 'net' in rangesFor(clip, {}, [{ ...canary, share: 0 }]))).toBe(false);
  });
});

describe('checkRanges', () => {
  it('names what is no part and no range', () => {
    expect(() => checkRanges([net], { net: '>=1' })).not.toThrow();
    expect(() => checkRanges([net], { other: '1' })).toThrow(
      expect.objectContaining({ code: 'VERSION_RANGE', hint: 'parts: net' }),
    );
    expect(() => checkRanges([net], { net: 'newest' })).toThrow("got 'newest'");
  });
});
