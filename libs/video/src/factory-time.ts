// No camera that writes files of today was there before.
const firstYear = 1990;
// Where counters of seconds end: since 1904 and since 1970, 31 and 32 bits wide. A field of ones reads so.
const endsOfCounting = ['1972-01-19T03:14:07', '2038-01-19T03:14:07', '2040-02-06T06:28:15', '2106-02-07T06:28:15'];

/**
 * Whether a time is what a camera says whose clock was never set, or has lost its battery: a year before there were
 * such cameras (1904, 1970 and 1980 are where formats begin to count), the first day of 2000, the first hour of another
 * year, from which clocks begin to run, or where a counter ends.
 * @param local `YYYY-MM-DDTHH:MM:SS` by whatever clock, or `YYYY-MM-DD` where only the day is known
 */
export function isFactoryTime(local: string): boolean {
  if (Number(local.slice(0, 4)) < firstYear) return true;
  if (local.startsWith('2000-01-01') || /^\d{4}-01-01T00:/.test(local)) return true;
  return endsOfCounting.includes(local.slice(0, 19));
}
