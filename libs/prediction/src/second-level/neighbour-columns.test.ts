import type { NeighbourFamily } from '@primatrix/families';
import { writeNeighbourTable } from '@primatrix/feature-table';
import { describe, expect, it } from 'vitest';
import { firstLevelRecord } from '../first-level/first-level-record.ts';
import { neighbourColumns } from './neighbour-columns.ts';

const family = { name: 'around', write: writeNeighbourTable } as Pick<
  NeighbourFamily,
  'name' | 'write'
> as NeighbourFamily;
const outcome = { status: 'ok', fault: null, reason: '', framesDecoded: 1, framesExpected: 1 } as const;
const classes = ['bird', 'hog'];

const record = (filename: string, site: string, day: number, bird: number | null) =>
  firstLevelRecord(
    { filename, path: filename, site, ...(day === 0 ? {} : { capturedAt: new Date(Date.UTC(2014, 0, day)) }) },
    {
      outcome,
      metadata: null,
      modifiedAt: new Date(Date.UTC(2020, 0, 9 - day)),
      nets: new Map(bird === null ? [] : [['net', Float64Array.of(bird, 1 - bird)]]),
    },
  );
const records = [
  record('c', 's', 3, 0.5),
  record('a', 's', 1, 0.25),
  record('b', 's', 2, 0.75),
  record('other', 't', 2, 0),
  record('untimed', 's', 0, 0),
  record('silent', 's', 4, null),
];

async function birds(order: 'site' | 'modified', nets = ['net'], more: object = {}, clips = records) {
  const of = await neighbourColumns(clips, {
    family,
    part: { family: 'around', version: '1.0.0', nets, ks: [1], order, ...more },
    classes,
  });
  return Object.fromEntries(records.map(({ filename }) => [filename, of(filename).get('around/net/k1/bird')]));
}

describe('neighbourColumns', () => {
  it('go by site and capture time, also for a clip that the net did not predict', async () => {
    expect(await birds('site')).toEqual({
      a: 0.75,
      b: 0.375,
      c: 0.75,
      other: Number.NaN,
      untimed: Number.NaN,
      silent: 0.5,
    });
  });

  it('go by modification time over all sites where the bundle says so', async () => {
    // Last to first: untimed (day 9), a (8), other and b (7), c (6), silent (5).
    expect(await birds('modified')).toEqual({ untimed: 0.25, a: 0, other: 0.5, b: 0.25, c: 0.75, silent: 0.5 });
  });

  it('count places, whoever stands there, where the bundle does', async () => {
    // c's places are b and silent, of which the net predicted one; of the window of predicted clips silent is none.
    const more = [...records, record('late', 's', 5, 1)];
    expect((await birds('site', ['net'], {}, more))['c']).toBe(0.875);
    expect((await birds('site', ['net'], { window: 'places' }, more))['c']).toBe(0.75);
  });

  it('go by what training went by, or by what the clips are ordered by', async () => {
    expect(await birds('site', ['net'], { times: 'modified' })).toMatchObject({ untimed: 0.25, other: Number.NaN });
    expect(await birds('modified', ['net'], { times: 'captured' })).toMatchObject({ untimed: Number.NaN });
    // The other way round, and one of which nothing is known.
    const ordered = records.map((clip, i) => ({
      ...clip,
      orderedAt: clip.filename === 'b' ? null : new Date(Date.UTC(2000, 0, 9 - i)).toISOString(),
    }));
    expect(await birds('site', ['net'], {}, ordered)).toMatchObject({ c: 0.25, a: 0.25, b: Number.NaN });
  });

  it('are none where the bundle has no nets for them', async () => {
    expect(Object.values(await birds('site', [])).filter((value) => value !== undefined)).toEqual([]);
  });
});
