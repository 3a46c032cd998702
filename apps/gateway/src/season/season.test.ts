import { expect, it } from 'vitest';
import { clipFilterSchema, seasonSchema } from '@primatrix/review-api';
import { ClipFinder } from '../clips/find-clips.ts';
import { ClipTable } from '../clips/clip-table.ts';
import { CameraHealth } from './camera-health.ts';
import { seasonOf } from './season.ts';

const classes = ['blank', 'leopard', 'duiker'];
const outcome = { status: 'ok', fault: null, reason: '', framesDecoded: 1, framesExpected: 1 } as const;
const now = new Date('2024-06-01T00:00:00Z');

function tableOf(
  clips: readonly {
    name: string;
    site?: string | null;
    at?: string | null;
    shows: number;
    sha256?: string;
    view?: Uint8Array;
  }[],
): ClipTable {
  const table = new ClipTable(classes, [], '/uploads');
  for (const { name, site = 'ridge', at = null, shows, sha256 = null, view } of clips) {
    table.add({ id: name, filename: `${site}/${name}.mp4`, path: `/${name}`, site, capturedAt: at });
    const probabilities = classes.map((_, c) => (c === shows ? 0.9 : 0.05));
    table.predicted({
      clip: name,
      capturedAt: at,
      metadata: null,
      prediction: { sha256, outcome, probabilities, members: {}, padded: {} },
      ...(view === undefined ? {} : { backdrop: Buffer.from(view).toString('base64') }),
    });
  }
  return table;
}
const seasonOfTable = (table: ClipTable) => seasonSchema.parse(seasonOf(table, now, new CameraHealth(table)));

it('counts species by site and hour, blanks, days and gaps; what people decided goes first', () => {
  const table = tableOf([
    { name: 'a', at: '2024-03-01T05:00:00', shows: 1 },
    { name: 'b', at: '2024-03-02T05:30:00', shows: 1 },
    { name: 'c', at: '2024-03-10T23:00:00', shows: 0 },
    { name: 'd', site: 'river', shows: 2 },
    { name: 'e', site: 'river', at: '2024-03-01T06:00:00', shows: 1 },
  ]);
  table.review('e', { clip: 'e', decision: 'blank', species: ['blank'], note: '', at: now.toISOString() });
  const season = seasonOfTable(table);
  expect(season).toMatchObject({
    clips: 5,
    known: 5,
    blank: 2,
    reviewed: 1,
    timeless: 1,
    first: '2024-03-01T05:00:00',
  });
  expect(season.species.map(({ species, clips, bySite }) => [species, clips, bySite])).toEqual([
    ['leopard', 2, [2, 0]],
    ['duiker', 1, [0, 1]],
  ]);
  expect(season.species[0]?.byHour[5]).toBe(2);
  expect(season.sites[0]).toMatchObject({
    site: 'ridge',
    blank: 1,
    days: 10,
    activeDays: 3,
    runs: [
      { from: '2024-03-01', to: '2024-03-02', clips: 2 },
      { from: '2024-03-10', to: '2024-03-10', clips: 1 },
    ],
  });
});

it('tells of copies, clocks and triggers, and each leads to its clips', () => {
  const stuck = Array.from({ length: 50 }, (_, i) => ({
    ...{ name: `s${i}`, site: 'stuck', shows: 0 },
    at: new Date(Date.UTC(2024, 2, 1, 0, i)).toISOString(),
  }));
  const table = tableOf([
    { name: 'a', sha256: 'x', at: '2024-03-01T00:00:00', shows: 1 },
    { name: 'b', sha256: 'x', site: 'copy', at: '2024-03-01T00:00:00', shows: 1 },
    { name: 'r1', site: 'reset', at: '2024-03-01T00:00:00', shows: 1 },
    { name: 'r2', site: 'reset', at: '2024-03-01T00:10:00', shows: 1 },
    { name: 'r3', site: 'reset', at: '2017-01-01T00:00:00', shows: 1 },
    { name: 'f', site: 'future', at: '2044-03-01T00:00:00', shows: 1 },
    ...stuck,
  ]);
  const { findings } = seasonOfTable(table);
  expect(findings.map(({ id, clips }) => [id, clips])).toEqual([
    ['copied-twice:copy', 1],
    ['clock-reset:reset', 1],
    ['clock-ahead:future', 1],
    ['stuck-trigger:stuck', 50],
  ]);
  const found = new ClipFinder(table).find(clipFilterSchema.parse({ finding: 'clock-reset:reset' }));
  expect(found.map(({ id }) => id)).toEqual(['r3']);
});

it('tells of a camera that moved and of a covered lens, each with its clips; by no site and at no time of nobody', () => {
  const grid = (grey: (cell: number) => number) => Uint8Array.from({ length: 144 }, (_, cell) => grey(cell));
  const [one, other, black] = [grid((i) => (i * 37) % 200), grid((i) => (i * i * 11) % 200), grid(() => 5)];
  const days = (count: number, from: number) => Array.from({ length: count }, (_, i) => from + i);
  const at = (day: number) => `2024-03-${String(day).padStart(2, '0')}T11:00:00`;
  const clip = (site: string | null, view: Uint8Array) => (day: number) => ({
    ...{ name: `${site}${day}`, site, at: at(day), shows: 1, view },
  });
  const table = tableOf([
    ...days(10, 1).map(clip('turned', one)),
    ...days(10, 11).map(clip('turned', other)),
    ...days(6, 1).map(clip('blind', black)),
    ...days(10, 1).map(clip(null, one)),
    ...days(10, 11).map(clip(null, other)),
    ...days(9, 1).map((day) => ({ ...clip('timeless', black)(day), at: null })),
  ]);
  const { findings } = seasonOfTable(table);
  expect(findings.map(({ id, clips }) => [id, clips])).toEqual([
    ['moved:turned', 5],
    ['covered:blind', 6],
  ]);
  const found = new ClipFinder(table).find(clipFilterSchema.parse({ finding: 'moved:turned' }));
  expect(found.map(({ id }) => id)).toEqual(days(5, 11).map((day) => `turned${day}`));
});

it('an animal that stays, and files in another order within a second, are nothing wrong', () => {
  const stays = Array.from({ length: 50 }, (_, i) => ({
    ...{ name: `s${i}`, shows: i === 7 ? 1 : 0 },
    at: new Date(Date.UTC(2024, 2, 1, 0, i)).toISOString(),
  }));
  expect(seasonOfTable(tableOf(stays)).findings).toEqual([]);
});
