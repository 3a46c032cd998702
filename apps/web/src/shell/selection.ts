import { useSyncExternalStore } from 'react';
import type { ClipChoice, ClipSummary } from '@primatrix/review-api';

/** Clips that were selected in the grid, whatever is in view; they stay selected while a clip is open. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Those of them that were uploaded, and those that failed or are degraded, as far as was known when they were selected. */
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

/** A single clip as a selection. */
export function selectionOf(clip: ClipSummary): Selection {
  const one = (test: boolean) => new Set(test ? [clip.id] : []);
  return { ids: one(true), uploaded: one(clip.uploaded), troubled: one(isTroubled(clip)) };
}

function isTroubled({ state, reason }: ClipSummary): boolean {
  return state === 'failed' || reason !== '';
}

export function toggleSelected(clip: ClipSummary): void {
  const one = selectionOf(clip);
  const selected = selection.ids.has(clip.id);
  const change = (ids: ReadonlySet<string>, more: ReadonlySet<string>) =>
    new Set(selected ? [...ids].filter((id) => id !== clip.id) : [...ids, ...more]);
  set({
    ids: change(selection.ids, one.ids),
    uploaded: change(selection.uploaded, one.uploaded),
    troubled: change(selection.troubled, one.troubled),
  });
}

export function selectAll({ ids, uploaded, troubled }: ClipChoice): void {
  set({ ids: new Set(ids), uploaded: new Set(uploaded), troubled: new Set(troubled) });
}

/** Adds clips to those that are selected. */
export function selectMore({ ids, uploaded, troubled }: ClipChoice): void {
  set({
    ids: new Set([...selection.ids, ...ids]),
    uploaded: new Set([...selection.uploaded, ...uploaded]),
    troubled: new Set([...selection.troubled, ...troubled]),
  });
}

/** Selects clips of which nothing but their ids is at hand. */
export function selectOnly(ids: readonly string[]): void {
  set({ ...none, ids: new Set(ids) });
}

export function deselect(ids: readonly string[]): void {
  const gone = new Set(ids);
  const left = (before: ReadonlySet<string>) => new Set([...before].filter((id) => !gone.has(id)));
  set({ ids: left(selection.ids), uploaded: left(selection.uploaded), troubled: left(selection.troubled) });
}

export function clearSelection(): void {
  set(none);
}
