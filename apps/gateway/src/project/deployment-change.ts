import { stat } from 'node:fs/promises';
import { parseTimeZone } from '@primatrix/exchange';
import type { DeploymentChange } from '@primatrix/review-api';
import type { ClipRow } from '../clips/clip-row.ts';
import { timeOfClip } from '../clips/clip-times.ts';
import { mustBeTime } from './clip-setting.ts';
import type { SettingPatch } from './review-entry.ts';

/** Files that are asked for their date at once. */
const askedAtOnce = 16;

/**
 * What a change says of each clip of a deployment; clips of which it can say nothing, or nothing new, are left out.
 * @throws HttpProblem 422 where there is no such time; ExchangeError where there is no such zone
 */
export async function patchesOf(
  change: DeploymentChange,
  rows: readonly ClipRow[],
): Promise<Map<string, SettingPatch>> {
  switch (change.does) {
    case 'rename':
      return each(rows, ({ site }) => (site === change.to ? undefined : { site: change.to }));
    case 'place':
      return each(rows, () => ({ coordinates: change.coordinates }));
    case 'zone': {
      const { zone, localClock } = change;
      if (zone !== null) parseTimeZone(zone);
      return each(rows, () => ({ zone, localClock }));
    }
    case 'clock':
      return each(rows, (row) => shifted(row, change.seconds));
    case 'file-dates':
      return fileDates(rows.filter((row) => timeOfClip(row) === null));
    case 'stamps': {
      const times = new Map(change.times.map(({ id, capturedAt }) => [id, capturedAt]));
      for (const time of times.values()) mustBeTime(time);
      return each(rows, ({ id }) => {
        const capturedAt = times.get(id);
        return capturedAt === undefined ? undefined : { capturedAt, timeFrom: 'stamp' };
      });
    }
  }
}

function each(rows: readonly ClipRow[], say: (row: ClipRow) => SettingPatch | undefined): Map<string, SettingPatch> {
  const patches = new Map<string, SettingPatch>();
  for (const row of rows) {
    const patch = say(row);
    if (patch !== undefined) patches.set(row.id, patch);
  }
  return patches;
}

/** The time of a clip with so many seconds more; it keeps its zone, or has none. What has a day alone cannot be shifted. */
function shifted(row: ClipRow, seconds: number): SettingPatch | undefined {
  if (seconds === 0) return undefined;
  const { zone, localClock } = row;
  // As it was stated: the zone that somebody said is said of what comes out, too.
  const time = timeOfClip({ ...row, zone: null });
  if (time === null || time.dayOnly) return undefined;
  const instant = Date.parse(`${time.local}Z`) + seconds * 1000;
  const year = new Date(instant).getUTCFullYear();
  if (year < 1 || year > 9999) return undefined;
  const within = Number.isNaN(row.moment) ? 0 : ((row.moment % 1000) + 1000) % 1000;
  const local = new Date(instant + within).toISOString().slice(0, within === 0 ? 19 : 23);
  return {
    capturedAt: `${local}${time.zone ?? ''}`,
    ...(zone === null ? {} : { zone }),
    ...(localClock ? { localClock } : {}),
    // What a stamp or a file's date has said stays its word, put right.
    timeFrom: row.timeFrom,
  };
}

/** Cards have their clocks' time as the files' dates; it is written as a clock of this machine shows it, without a zone. */
async function fileDates(rows: readonly ClipRow[]): Promise<Map<string, SettingPatch>> {
  const patches = new Map<string, SettingPatch>();
  for (let start = 0; start < rows.length; start += askedAtOnce) {
    const some = rows.slice(start, start + askedAtOnce);
    const dates = await Promise.all(
      some.map(({ path }) =>
        stat(path)
          .then(({ mtime }) => mtime)
          .catch(() => null),
      ),
    );
    for (const [i, { id }] of some.entries()) {
      const date = dates[i];
      if (date != null) patches.set(id, { capturedAt: clockHere(date), timeFrom: 'file-date' });
    }
  }
  return patches;
}

function clockHere(date: Date): string {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
