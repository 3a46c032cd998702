import { clipFilterSchema } from '@primatrix/review-api';
import { afterEach, describe, expect, it } from 'vitest';
import { ClipTable } from './clip-table.ts';
import { ClipFinder } from './find-clips.ts';

const classes = ['blank', 'leopard', 'duiker'];
const outcome = { status: 'ok', fault: null, reason: '', framesDecoded: 1, framesExpected: 1 } as const;

function tableOf(
  clips: readonly { name: string; site?: string; at?: string; nets?: readonly (readonly number[])[] }[],
) {
  const table = new ClipTable(classes, ['a', 'b'], '/project/uploads');
  for (const { name, site = 's', at = null, nets } of clips) {
    table.add({ id: name, filename: `${name}.mp4`, path: `/${name}`, site, capturedAt: at });
    if (nets !== undefined) {
      table.provisional(name, {
        outcome,
        metadata: null,
        capturedAt: at,
        nets: Object.fromEntries(nets.map((values, i) => ['ab'[i] ?? '', values])),
      });
    }
  }
  return table;
}

const table = tableOf([
  {
    name: 'c10',
    at: '2016-01-03T00:00:00Z',
    nets: [
      [0.9, 0.1, 0],
      [0.7, 0.1, 0],
    ],
  },
  {
    name: 'c2',
    at: '2016-01-01T00:00:00Z',
    nets: [
      [0, 0.9, 0],
      [0.1, 0.2, 0.3],
    ],
  },
  {
    name: 'c1',
    site: 't',
    nets: [
      [0, 0.2, 0.6],
      [0, 0.2, 0.5],
    ],
  },
  { name: 'waiting' },
]);
const finder = new ClipFinder(table);
const find = (filter: Record<string, string>) => finder.find(clipFilterSchema.parse(filter)).map(({ id }) => id);

describe('ClipFinder', () => {
  it.each([
    { filter: {}, found: ['c10', 'c2', 'c1', 'waiting'] },
    { filter: { species: 'leopard' }, found: ['c2'] },
    { filter: { blank: 'only' }, found: ['c10'] },
    { filter: { blank: 'without' }, found: ['c2', 'c1'] },
    { filter: { site: 't' }, found: ['c1'] },
    { filter: { from: '2016-01-01', to: '2016-01-03' }, found: ['c2'] },
    { filter: { maxConfidence: '0.6' }, found: ['c2', 'c1'] },
    { filter: { minDisagreement: '0.7' }, found: ['c2'] },
    { filter: { state: 'waiting' }, found: ['waiting'] },
    { filter: { search: 'C1' }, found: ['c10', 'c1'] },
    { filter: { search: 'Leop' }, found: ['c2'] },
    { filter: { sort: 'name' }, found: ['c1', 'c2', 'c10', 'waiting'] },
    { filter: { sort: 'time' }, found: ['c2', 'c10', 'c1', 'waiting'] },
    { filter: { sort: 'time', descending: 'true' }, found: ['c10', 'c2', 'c1', 'waiting'] },
    { filter: { sort: 'disagreement', descending: 'true' }, found: ['c2', 'c10', 'c1', 'waiting'] },
  ])('finds $found by $filter', ({ filter, found }) => {
    expect(find(filter as Record<string, string>)).toEqual(found);
  });

  it('goes by what people say, once they have', () => {
    table.review('c10', {
      clip: 'c10',
      decision: 'corrected',
      species: ['leopard', 'duiker'],
      at: '2016-02-01T00:00:00Z',
    });
    expect(find({ species: 'leopard' })).toEqual(['c10', 'c2']);
    expect(find({ species: 'blank' })).toEqual([]);
    expect(find({ review: 'done' })).toEqual(['c10']);
    table.review('c10', { clip: 'c10', decision: 'open', species: [], at: '2016-02-02T00:00:00Z' });
    expect(find({ species: 'blank' })).toEqual(['c10']);
  });

  it('knows who stands before and after at the same site', () => {
    const around = (id: string) =>
      finder.around(table.get(id) as NonNullable<ReturnType<typeof table.get>>, 1).map((row) => row.id);
    expect(around('c2')).toEqual(['c2', 'c10']);
    expect(around('c1')).toEqual([]);
  });
});

describe('times that are asked for', () => {
  const zone = process.env['TZ'];
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  it.each(['UTC', 'America/New_York', 'Pacific/Kiritimati'])('mean the same in %s', (machine) => {
    process.env['TZ'] = machine;
    expect(find({ from: '2016-01-02T23:59:59' })).toEqual(['c10']);
    expect(find({ from: '2016-01-03T02:00:00+02:00' })).toEqual(['c10']);
    expect(find({ to: '2016-01-01T00:00:01' })).toEqual(['c2']);
  });

  it.each(['2016-02-30', '2016-01-03T00:00:00+20:00', 'Jan 3 2016', '2016-1-3'])('%s is refused', (from) =>
    expect(() => find({ from })).toThrow(/there is no such|must be a date/),
  );
});

it('finds names however their accents are written', () => {
  const accented = new ClipFinder(tableOf([{ name: 'tai\u0308', at: '2016-01-01T00:00:00Z' }]));
  expect(accented.find(clipFilterSchema.parse({ search: 'TA\u00cf' })).map(({ id }) => id)).toEqual(['tai\u0308']);
});

describe('events', () => {
  const blank = [
    [1, 0, 0],
    [1, 0, 0],
  ];
  const events = tableOf([
    { name: 'a1', at: '2016-01-01T00:00:00Z', nets: blank },
    {
      name: 'a2',
      at: '2016-01-01T00:20:00Z',
      nets: [
        [0.2, 0.8, 0],
        [0.2, 0.8, 0],
      ],
    },
    { name: 'b1', site: 't', at: '2016-01-01T00:10:00Z', nets: blank },
    { name: 'a3', at: '2016-01-01T02:00:00Z', nets: blank },
    { name: 'a4', at: '2016-01-01T02:05:00Z', nets: blank },
    { name: 'n1' },
  ]);
  const finder = new ClipFinder(events);
  const list = (query: object) =>
    finder
      .list(clipFilterSchema.parse(query))
      .map(({ row, event }) => [row.id, ...(event === null ? [] : [event.id, event.rows.map(({ id }) => id).join()])]);

  it('show one clip for all: the one with the surest animal', () => {
    expect(list({ events: '30', sort: 'time' })).toEqual([
      ['a2', 'a1', 'a1,a2'],
      ['b1'],
      ['a3', 'a3', 'a3,a4'],
      ['n1'],
    ]);
  });
  it('open into their clips', () => {
    expect(list({ events: '30', open: 'a3', sort: 'time' }).map(([id]) => id)).toEqual(['a2', 'b1', 'a3', 'a4', 'n1']);
  });
  it('stay what they are where filters let a part of their clips through', () => {
    expect(list({ events: '30', blank: 'only' })).toEqual([['a1'], ['b1'], ['a3', 'a3', 'a3,a4']]);
    expect(list({ events: '10', site: 's', sort: 'time' }).map(([id]) => id)).toEqual(['a1', 'a2', 'a3', 'n1']);
  });
  it('leave what is found as it is', () => {
    expect(finder.find(clipFilterSchema.parse({ events: '30' }))).toHaveLength(6);
  });
});
