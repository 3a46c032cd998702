import { gridAddress } from '../shell/use-route.ts';

/** The grid with these filters; those that are null are left out. */
export function clipsWith(filters: Readonly<Record<string, string | number | null>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (value !== null) query.set(name, String(value));
  return gridAddress(query.toString());
}

/** The day after one: filters end before their last day. */
export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/** What stands for clips of no known site in files, whatever the language of the pages. */
export const noSite = 'no site';
