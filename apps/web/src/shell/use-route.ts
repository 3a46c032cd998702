import { useSyncExternalStore } from 'react';

/** Pages besides the grid and the clips. */
const pages = ['deployments', 'season', 'people'] as const;

/** Which page is open: the grid, a clip, or another; all with the grid's filters, so that the way back leads to the same clips. */
export interface PageRoute {
  /** Null: the grid, or a clip. */
  readonly page: (typeof pages)[number] | null;
  readonly clip: string | null;
  /** A query, without `?`. */
  readonly filter: string;
}

function subscribe(listen: () => void): () => void {
  addEventListener('hashchange', listen);
  return () => removeEventListener('hashchange', listen);
}

export function useRoute(): PageRoute {
  return routeOf(useSyncExternalStore(subscribe, () => location.hash));
}

/** What an address stands for. */
export function routeOf(hash: string): PageRoute {
  const [path = '', filter = ''] = hash.replace(/^#/, '').split('?');
  const page = pages.find((name) => path === `/${name}`) ?? null;
  return { page, clip: /^\/clip\/([\da-f]+)$/.exec(path)?.[1] ?? null, filter };
}

export function gridAddress(filter: string): string {
  return filter === '' ? '#/' : `#/?${filter}`;
}

export function clipAddress(id: string, filter: string): string {
  return filter === '' ? `#/clip/${id}` : `#/clip/${id}?${filter}`;
}

/** The grid with an event opened, or, where the name is empty, none. */
export function eventAddress(event: string, filter: string): string {
  return gridAddress(withFilter(filter, { open: event }));
}

/** The filter with one part set, or taken out where the value is empty. */
export function withFilter(filter: string, changes: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(filter);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') query.delete(name);
    else query.set(name, value);
  }
  return query.toString();
}
