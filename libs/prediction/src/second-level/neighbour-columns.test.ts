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

async function birds(order: 'site' | 'modified', nets = ['net']) {
  const of = await neighbourColumns(records, {
    family,
    part: { family: 'around', version: '1.0.0', nets, ks: [1], order },
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

  it('are none where the bundle has no nets for them', async () => {
    expect(Object.values(await birds('site', [])).filter((value) => value !== undefined)).toEqual([]);
  });
});
