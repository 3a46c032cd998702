import { useSyncExternalStore } from 'react';
import type { ClipChoice, ClipSummary } from '@primatrix/review-api';

/** Clips that were chosen in the grid, whatever is in view; they stay chosen while one looks at a clip. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Those of them that were uploaded, and those that failed or are degraded, as far as was known when they were chosen. */
  readonly uploaded: ReadonlySet<string>;
  readonly troubled: ReadonlySet<string>;
}

const none: Selection = { ids: new Set(), uploaded: new Set(), troubled: new Set() };
let selection = none;
const listeners = new Set<() => void>();

function set(next: Selection): void {
  selection = next;
  for (const listen of listeners) listen();
}

export function useSelection(): Selection {
  return useSyncExternalStore(
    (listen) => {
      listeners.add(listen);
      return () => void listeners.delete(listen);
    },
    () => selection,
  );
}

/** What is chosen of a single clip. */
export function selectionOf(clip: ClipSummary): Selection {
  const one = (test: boolean) => new Set(test ? [clip.id] : []);
  return { ids: one(true), uploaded: one(clip.uploaded), troubled: one(isTroubled(clip)) };
}

function isTroubled({ state, reason }: ClipSummary): boolean {
  return state === 'failed' || reason !== '';
}

export function toggleSelected(clip: ClipSummary): void {
  const one = selectionOf(clip);
  const chosen = selection.ids.has(clip.id);
  const change = (ids: ReadonlySet<string>, more: ReadonlySet<string>) =>
    new Set(chosen ? [...ids].filter((id) => id !== clip.id) : [...ids, ...more]);
  set({
    ids: change(selection.ids, one.ids),
    uploaded: change(selection.uploaded, one.uploaded),
    troubled: change(selection.troubled, one.troubled),
  });
}

export function selectAll({ ids, uploaded, troubled }: ClipChoice): void {
  set({ ids: new Set(ids), uploaded: new Set(uploaded), troubled: new Set(troubled) });
}

export function clearSelection(): void {
  set(none);
}
