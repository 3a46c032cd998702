import type { Deployment } from '@primatrix/review-api';
import type { ClipRow } from './clip-row.ts';
import { clockOf } from './clip-times.ts';

/** Clips by site: where, and from when to when; sites by name, and last the clips of no known site. */
export function deploymentsOf(rows: Iterable<ClipRow>): Deployment[] {
  const sites = new Map<string | null, ClipRow[]>();
  for (const row of rows) {
    const known = sites.get(row.site);
    if (known === undefined) sites.set(row.site, [row]);
    else known.push(row);
  }
  return [...sites]
    .map(([site, clips]) => deploymentOf(site, clips))
    .sort((a, b) => (a.site === null ? 1 : b.site === null || a.site < b.site ? -1 : 1));
}

function deploymentOf(site: string | null, rows: readonly ClipRow[]): Deployment {
  let [first, last]: [string | null, string | null] = [null, null];
  let [timeless, fromFileDate, fromStamp, localClock] = [0, 0, 0, false];
  const places = new Map<string, { count: number; coordinates: NonNullable<ClipRow['coordinates']> }>();
  const zones = new Map<string, number>();
  for (const row of rows) {
    const clock = clockOf(row);
    if (clock === null) timeless += 1;
    else {
      if (first === null || clock < first) first = clock;
      if (last === null || clock > last) last = clock;
      fromFileDate += Number(row.timeFrom === 'file-date');
      fromStamp += Number(row.timeFrom === 'stamp');
    }
    localClock ||= row.localClock;
    if (row.zone !== null) zones.set(row.zone, (zones.get(row.zone) ?? 0) + 1);
    if (row.coordinates == null) continue;
    const key = `${row.coordinates.latitude},${row.coordinates.longitude}`;
    places.set(key, { count: (places.get(key)?.count ?? 0) + 1, coordinates: row.coordinates });
  }
  const [place] = [...places.values()].sort((a, b) => b.count - a.count);
  const [zone] = [...zones].sort(([, a], [, b]) => b - a);
  return {
    ...{ site, clips: rows.length, first, last, timeless, fromFileDate, fromStamp, localClock },
    coordinates: place?.coordinates ?? null,
    severalPlaces: places.size > 1,
    zone: zone?.[0] ?? null,
  };
}
