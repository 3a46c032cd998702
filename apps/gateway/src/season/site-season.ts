import type { SiteSeason } from '@primatrix/review-api';
import type { ClipRow } from '../clips/clip-row.ts';

const dayMs = 86_400_000;

/** Counts the clips of one site. */
export class SiteCount {
  private readonly site: string | null;
  private clips = 0;
  private known = 0;
  private blank = 0;
  private timeless = 0;
  private coordinates: SiteSeason['coordinates'] = null;
  private readonly days = new Map<string, number>();

  constructor(site: string | null) {
    this.site = site;
  }

  /** @param clock by the camera; null where it is not known */
  add(
    { coordinates }: ClipRow,
    { clock, known, blank }: { clock: string | null; known: boolean; blank: boolean },
  ): void {
    this.clips += 1;
    this.known += Number(known);
    this.blank += Number(blank);
    this.coordinates ??= coordinates ?? null;
    if (clock === null) this.timeless += 1;
    else {
      const day = clock.slice(0, 10);
      this.days.set(day, (this.days.get(day) ?? 0) + 1);
    }
  }

  result(): SiteSeason {
    const { site, clips, known, blank, timeless, coordinates } = this;
    const runs: { from: string; to: string; clips: number }[] = [];
    for (const [day, count] of [...this.days].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const last = runs.at(-1);
      if (last !== undefined && numberOf(day) - numberOf(last.to) === 1) {
        last.to = day;
        last.clips += count;
      } else runs.push({ from: day, to: day, clips: count });
    }
    const [first, last] = [runs[0], runs.at(-1)];
    return {
      ...{ site, clips, known, blank, timeless, coordinates, runs },
      days: first === undefined || last === undefined ? 0 : numberOf(last.to) - numberOf(first.from) + 1,
      activeDays: this.days.size,
    };
  }
}

function numberOf(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / dayMs);
}
