import { useRef } from 'react';
import { api } from '../shell/api.ts';
import { tell } from '../shell/notice.tsx';
import { deselect, selectMore, toggleSelected, useSelection } from '../shell/selection.ts';
import type { LoadedClips } from './use-clips.ts';

/** Selecting cards of a list, one or a range, by place; a range begins where a card was selected last. */
export function useRangeSelection(filter: string, { at }: LoadedClips) {
  const { ids } = useSelection();
  const anchor = useRef(0);
  return {
    selected: ids,
    toggle(index: number): void {
      const clip = at(index);
      if (clip === undefined) return;
      anchor.current = index;
      const { event } = clip;
      if (event?.open !== false) return toggleSelected(clip);
      if (event.ids.every((id) => ids.has(id))) return deselect(event.ids);
      // Which of an event's clips were uploaded or failed is not known here.
      api.clipIds(filter, `offset=${index}&limit=1`).then(selectMore, (error: Error) => tell({ says: error.message }));
    },
    /** @param from where a range begins if nothing is selected yet */
    selectTo(index: number, from = index): void {
      if (ids.size === 0) anchor.current = from;
      const [first, last] = [Math.min(anchor.current, index), Math.max(anchor.current, index)];
      anchor.current = index;
      // Clips between may not have been loaded.
      api.clipIds(filter, `offset=${first}&limit=${last - first + 1}`).then(selectMore, (error: Error) => {
        tell({ says: error.message });
      });
    },
  };
}
