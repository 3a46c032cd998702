import { isBlankClass } from '@primatrix/dataset';
import type { Season } from '@primatrix/review-api';
import type { ClipTable } from '../clips/clip-table.ts';
import { clockOf } from '../clips/clip-times.ts';
import type { CameraHealth } from './camera-health.ts';
import { shownSpecies } from './shown-species.ts';
import { SiteCount } from './site-season.ts';

/** Counts all clips of a project: one look at each. */
export function seasonOf(table: ClipTable, now: Date, health: CameraHealth): Season {
  const { classes } = table;
  const sites = new Map<string | null, { readonly index: number; readonly count: SiteCount }>();
  const species = new Map<string, { clips: number; bySite: number[]; byHour: number[] }>();
  const sums = { clips: 0, known: 0, reviewed: 0, blank: 0, failed: 0, timeless: 0 };
  let [first, last]: [string | null, string | null] = [null, null];
  for (const row of table.rows()) {
    const clock = clockOf(row);
    const shows = shownSpecies(row, classes);
    const blank = shows?.every(isBlankClass) === true;
    let site = sites.get(row.site);
    if (site === undefined) sites.set(row.site, (site = { index: sites.size, count: new SiteCount(row.site) }));
    site.count.add(row, { clock, known: shows !== null, blank });
    sums.clips += 1;
    sums.known += Number(shows !== null);
    sums.reviewed += Number(row.review !== null);
    sums.blank += Number(blank);
    sums.failed += Number(row.state === 'failed');
    if (clock === null) sums.timeless += 1;
    else {
      if (first === null || clock < first) first = clock;
      if (last === null || clock > last) last = clock;
    }
    for (const name of shows ?? []) {
      if (isBlankClass(name)) continue;
      let known = species.get(name);
      if (known === undefined) {
        species.set(name, (known = { clips: 0, bySite: [], byHour: Array.from({ length: 24 }, () => 0) }));
      }
      known.clips += 1;
      known.bySite[site.index] = (known.bySite[site.index] ?? 0) + 1;
      if (clock !== null) {
        const hour = Number(clock.slice(11, 13));
        known.byHour[hour] = (known.byHour[hour] ?? 0) + 1;
      }
    }
  }
  const order = [...sites.values()]
    .map(({ index, count }) => ({ index, result: count.result() }))
    .sort((a, b) => (a.result.site === null ? 1 : b.result.site === null || a.result.site < b.result.site ? -1 : 1));
  return {
    ...{ ...sums, first, last },
    sites: order.map(({ result }) => result),
    species: [...species]
      .map(([name, { clips, bySite, byHour }]) => ({
        ...{ species: name, clips, byHour },
        bySite: order.map(({ index }) => bySite[index] ?? 0),
      }))
      .sort((a, b) => b.clips - a.clips || (a.species < b.species ? -1 : 1)),
    findings: health.findings(now),
  };
}
