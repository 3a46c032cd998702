import { useState, useSyncExternalStore } from 'react';
import { api } from './api.ts';
import { clearSelection, type Selection } from './selection.ts';
import { say } from '../language/language.ts';
import { Key } from './key.tsx';
import { keyOf } from './keys.ts';
import { Icon } from './icon.tsx';

/** What was done last, in a sentence, and the way back where there is one. */
interface Done {
  readonly says: string;
  readonly undo?: () => Promise<void>;
  /** Of the way back. */
  readonly key?: string;
}

let done: Done | null = null;
const listeners = new Set<() => void>();

/** What cannot be undone need not stay for long. */
const shownMs = 10_000;

/** Says what was done; it stays over steps to other clips, and where it can be undone until something else is said. */
export function tell(next: Done | null): void {
  done = next;
  for (const listen of listeners) listen();
  if (next !== null && next.undo === undefined) setTimeout(() => done === next && tell(null), shownMs);
}

/** Takes clips out of the project, and says so with a way back. */
export async function removeClips({ ids, uploaded }: Selection, deleteUploads: boolean): Promise<void> {
  const { changed } = await api.remove([...ids], deleteUploads);
  clearSelection();
  const gone = deleteUploads ? uploaded : new Set<string>();
  const restore = [...ids].filter((id) => !gone.has(id));
  const undo = async () => {
    tell({ says: say.shell.restored((await api.restore(restore)).changed) });
  };
  tell({
    says: gone.size > 0 ? say.shell.removedAndDeleted(changed, gone.size) : say.shell.removed(changed),
    ...(restore.length > 0 ? { undo } : {}),
  });
}

/** Has clips predicted again from their files, and says so. */
export async function retry(ids: ReadonlySet<string>): Promise<void> {
  const { changed } = await api.again([...ids]);
  clearSelection();
  tell({ says: say.shell.againSoon(changed) });
}

/** The message over all pages. */
export function Notice() {
  const shown = useSyncExternalStore(
    (listen) => {
      listeners.add(listen);
      return () => void listeners.delete(listen);
    },
    () => done,
  );
  const [trouble, setTrouble] = useState('');
  const undo = () =>
    void shown?.undo?.().then(
      () => setTrouble(''),
      (error: Error) => setTrouble(error.message),
    );
  return (
    <div className={shown === null ? 'hidden' : 'notice'} role="status">
      {shown !== null && (
        <>
          <span>{shown.says}</span>
          {trouble !== '' && <span>{trouble}</span>}
          {shown.undo !== undefined && (
            <button
              type="button"
              onClick={undo}
              aria-keyshortcuts={shown.key === undefined ? undefined : keyOf(shown.key)}
            >
              {say.shell.undo} {shown.key !== undefined && <Key of={shown.key} />}
            </button>
          )}
          <button type="button" aria-label={say.shell.closeMessage} onClick={() => tell(null)}>
            <Icon name="close" />
          </button>
        </>
      )}
    </div>
  );
}
