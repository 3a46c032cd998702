import { useState, useSyncExternalStore } from 'react';
import { api } from './api.ts';
import { clearSelection, type Selection } from './selection.ts';
import { count } from './words.ts';

/** What was done last to clips, and whether it can be undone. */
interface Done {
  readonly says: string;
  readonly restore: readonly string[];
}

let done: Done | null = null;
const listeners = new Set<() => void>();

/** What cannot be undone need not stay for long. */
const shownMs = 10_000;

function tell(next: Done | null): void {
  done = next;
  for (const listen of listeners) listen();
  if (next !== null && next.restore.length === 0) setTimeout(() => done === next && tell(null), shownMs);
}

/** Takes clips out of the project, and says so with a way back. */
export async function removeClips({ ids, uploaded }: Selection, deleteUploads: boolean): Promise<void> {
  const { changed } = await api.remove([...ids], deleteUploads);
  clearSelection();
  const gone = deleteUploads ? uploaded : new Set<string>();
  tell({
    says: `${count(changed, 'clip')} removed${gone.size > 0 ? `, ${count(gone.size, 'uploaded file')} deleted` : ''}.`,
    restore: [...ids].filter((id) => !gone.has(id)),
  });
}

/** Has clips looked at again, and says so. */
export async function lookAgain(ids: ReadonlySet<string>): Promise<void> {
  const { changed } = await api.again([...ids]);
  clearSelection();
  tell({ says: `${count(changed, 'clip')} will be looked at again.`, restore: [] });
}

/** Says what was done to clips; what can be undone stays until it is closed or something else is done. */
export function Notice() {
  const shown = useSyncExternalStore(
    (listen) => {
      listeners.add(listen);
      return () => void listeners.delete(listen);
    },
    () => done,
  );
  const [trouble, setTrouble] = useState('');
  const undo = async () => {
    try {
      const { changed } = await api.restore([...(shown?.restore ?? [])]);
      setTrouble('');
      tell({ says: `${count(changed, 'clip')} brought back.`, restore: [] });
    } catch (error) {
      setTrouble((error as Error).message);
    }
  };
  return (
    <div className={shown === null ? 'hidden' : 'notice'} role="status">
      {shown !== null && (
        <>
          <span>{shown.says}</span>
          {trouble !== '' && <span>{trouble}</span>}
          {shown.restore.length > 0 && (
            <button type="button" onClick={() => void undo()}>
              Undo
            </button>
          )}
          <button type="button" aria-label="Close this message" onClick={() => tell(null)}>
            ×
          </button>
        </>
      )}
    </div>
  );
}
