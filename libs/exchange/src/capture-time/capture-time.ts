import { statedTime, timeOfParts, type StatedTime, type TimeParts } from '@primatrix/dataset';

/** Where a capture time was read. */
export type TimeSource = 'table' | 'container' | 'file-name' | 'package' | 'stamp' | 'file-date';

/** When a clip was taken, as far as it was stated: a camera's clock need not say its zone. */
export interface CaptureTime {
  /** `YYYY-MM-DDTHH:MM:SS` by the clock that stated it; midnight where only the day is known. */
  readonly local: string;
  /** `Z` or `±hh:mm`; null where nobody said. */
  readonly zone: string | null;
  readonly dayOnly: boolean;
  readonly source: TimeSource;
}

/**
 * Reads ISO 8601, with or without time of day and zone; null where it is none, or no such day, hour or offset exists.
 */
export function parseCaptureTime(text: string, source: TimeSource): CaptureTime | null {
  return from(statedTime(text), source);
}

/** {@link parseCaptureTime} of parts that were found already. */
export function captureTime(parts: TimeParts, source: TimeSource): CaptureTime | null {
  return from(timeOfParts(parts), source);
}

function from(time: StatedTime | undefined, source: TimeSource): CaptureTime | null {
  if (time === undefined) return null;
  const { local, zone, dayOnly } = time;
  return { local, zone, dayOnly, source };
}

/** As `clips.csv` states it: no more than is known. */
export function captureText({ local, zone, dayOnly }: CaptureTime): string {
  return dayOnly ? local.slice(0, 10) : `${local}${zone ?? ''}`;
}

/**
 * A container's time, of a camera whose clock shows local time. MP4 and QuickTime state UTC by definition, and most
 * cameras write what their clock shows; a real offset, as phones state it, stays.
 */
export function byLocalClock(time: CaptureTime): CaptureTime {
  return time.source === 'container' && time.zone === 'Z' ? { ...time, zone: null } : time;
}

/** The first that has a time of day, else the first: sources are given in order of trust. */
export function bestTime(times: readonly CaptureTime[]): CaptureTime | null {
  return times.find((time) => !time.dayOnly) ?? times[0] ?? null;
}
