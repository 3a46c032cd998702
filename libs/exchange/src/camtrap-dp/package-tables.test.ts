import { describe, expect, it } from 'vitest';
import type { ClipRecord } from '../clip-record.ts';
import { builtInTaxa } from '../taxa.ts';
import { packageTables } from './package-tables.ts';

const ok = { status: 'ok', fault: null, reason: '', framesDecoded: 3, framesExpected: 3 } as const;

function record(filename: string, site: string | null, place: readonly [number, number] | null): ClipRecord {
  return {
    filename,
    outcome: ok,
    probabilities: [1],
    media: null,
    site,
    coordinates: place === null ? null : { latitude: place[0], longitude: place[1] },
    time: { local: '2024-01-01T00:00:00', zone: 'Z', dayOnly: false, source: 'table' },
  };
}

const tablesOf = (...records: ClipRecord[]) =>
  packageTables(records, ['hog'], { taxa: builtInTaxa, threshold: 0.5, classifiedBy: 'Primatrix 1' });

describe('places of deployments', () => {
  it('two places of one site are two deployments at two locations, and said', () => {
    const { rows, warnings } = tablesOf(
      record('a.mp4', 'river', [1, 2]),
      record('b.mp4', 'river', [50, 120]),
      record('c.mp4', 'river', null),
      record('d.mp4', 'hill', [3, 4]),
      record('e.mp4', 'hill', null),
    );
    expect(rows.deployments.map((row) => [row['locationName'], row['latitude'], row['coordinateUncertainty']])).toEqual(
      [
        ['river', '1', undefined],
        ['river', '50', undefined],
        ['river', '0', '20037508'],
        ['hill', '3', undefined],
      ],
    );
    expect(new Set(rows.deployments.map((row) => row['locationID'])).size).toBe(4);
    const deployments = rows.media.map((row) => row['deploymentID']);
    expect(new Set(deployments.slice(0, 4)).size).toBe(4);
    expect(deployments[4]).toBe(deployments[3]);
    expect(warnings[0]).toBe(
      '1 of the sites have several places, and each place is a deployment of its own: river (1,2; 50,120)',
    );
  });

  it('one place of a site keeps the identifiers that it had, and clips of no site lie where each says', () => {
    const { rows, warnings } = tablesOf(
      record('a.mp4', null, [1, 2]),
      record('b.mp4', null, [3, 4]),
      record('c.mp4', 's', [1, 1]),
    );
    expect(rows.deployments.map((row) => row['latitude'])).toEqual(['1', '3', '1']);
    expect(rows.deployments[2]).toMatchObject({ deploymentID: 'fd8f15bcedc8ee8b', locationID: '8d8968fc58e8a084' });
    expect(warnings.filter((text) => text.includes('several places'))).toEqual([]);
  });
});

describe('events', () => {
  const at = (filename: string, local: string, site = 'river'): ClipRecord => ({
    ...record(filename, site, null),
    time: { local, zone: 'Z', dayOnly: false, source: 'table' },
  });

  it('clips of a site without a pause of over 30 minutes share an event, and keep their own times', () => {
    const records = [
      at('a.mp4', '2024-01-01T00:00:00'),
      at('b.mp4', '2024-01-01T00:29:00'),
      at('c.mp4', '2024-01-01T01:00:00'),
      at('d.mp4', '2024-01-01T00:10:00', 'hill'),
      { ...at('e.mp4', '2024-01-01T00:00:00'), time: null },
      { ...at('f.mp4', '2024-01-01T00:00:00'), time: null },
    ];
    const eventsOf = ({ rows }: ReturnType<typeof packageTables>) =>
      new Map(rows.observations.map((row) => [row['mediaID'], row['eventID']]));
    const { rows } = tablesOf(...records);
    const media = new Map(rows.media.map((row) => [row['fileName'], row['mediaID']]));
    const events = eventsOf({ rows } as ReturnType<typeof packageTables>);
    const [a, b, c, d, e, f] = 'abcdef'.split('').map((name) => events.get(media.get(`${name}.mp4`)));
    expect(b).toBe(a);
    expect(new Set([a, c, d, e, f]).size).toBe(5);
    expect(rows.observations.find((row) => row['mediaID'] === media.get('b.mp4'))).toMatchObject({
      eventStart: '2024-01-01T00:29:00Z',
    });
    const wider = packageTables(records, ['hog'], {
      ...{ taxa: builtInTaxa, threshold: 0.5, classifiedBy: 'Primatrix 1' },
      eventGapMinutes: 31,
    });
    expect(eventsOf(wider).get(media.get('c.mp4'))).toBe(a);
  });
});
