import type { ClipPlace } from '@primatrix/review-api';
import { api } from './api.ts';

/** The clips of a list, as they were when one of them was opened. */
interface Queue {
  readonly filter: string;
  readonly ids: readonly string[];
}

const key = 'primatrix-queue';
let queue: Queue | null = null;

/** The grid is shown: the next clip that is opened begins a list anew. */
export function endQueue(): void {
  queue = null;
  sessionStorage.removeItem(key);
}

/**
 * Where a clip stands in the list that it was opened from. Decisions take no clip out of it, so that the way back leads
 * to the clips before, also after a reload.
 */
export async function placeInQueue(id: string, filter: string): Promise<ClipPlace> {
  queue ??= JSON.parse(sessionStorage.getItem(key) ?? 'null') as Queue | null;
  if (queue?.filter !== filter || !queue.ids.includes(id)) {
    const { ids } = await api.clipIds(filter);
    // A clip that is in no list (beside another at its site, after an undo) leads back into the one that was.
    if (queue?.filter !== filter || ids.includes(id)) begin({ filter, ids });
  }
  const ids = queue?.ids ?? [];
  const index = ids.indexOf(id);
  return {
    index: index < 0 ? null : index,
    total: ids.length,
    previous: ids[index - 1] ?? null,
    next: ids[index + 1] ?? null,
  };
}

function begin(next: Queue): void {
  queue = next;
  try {
    sessionStorage.setItem(key, JSON.stringify(next));
  } catch {
    // Of hundreds of thousands of clips there is no room for the list: a reload begins it anew.
  }
}
