import { useEffect, useRef, useState } from 'react';
import { removeClips } from '../shell/notice.tsx';
import type { Selection } from '../shell/selection.ts';
import { count } from '../shell/words.ts';

interface RemoveDialogProps {
  readonly selection: Selection;
  readonly onClose: () => void;
  readonly onRemoved: () => void;
}

/** Asks before clips are removed; and plainly, before uploaded files are deleted, as those lie nowhere else. */
export function RemoveDialog({ selection, onClose, onRemoved }: RemoveDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  const { ids, uploaded } = selection;
  const remove = async (deleteUploads: boolean) => {
    setBusy(true);
    try {
      await removeClips(selection, deleteUploads);
      dialog.current?.close();
      onRemoved();
    } catch (error) {
      setTrouble((error as Error).message);
      setBusy(false);
    }
  };
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="remove">
      <h2 id="remove">Remove {count(ids.size, 'clip')} from the project?</h2>
      {uploaded.size < ids.size && <p>Files that were added from a folder stay where they are.</p>}
      {uploaded.size > 0 && (
        <p>
          {uploaded.size === ids.size
            ? ids.size === 1
              ? 'It was uploaded'
              : 'All of them were uploaded'
            : `${uploaded.size.toLocaleString('en')} of them ${uploaded.size === 1 ? 'was' : 'were'} uploaded`}
          : the project may hold the only copy.
        </p>
      )}
      <p>
        Decisions are kept: a clip that comes back has them.
        {uploaded.size > 0 ? ' Deleted files cannot come back.' : ''}
      </p>
      {trouble !== '' && (
        <p className="trouble" role="alert">
          {trouble}
        </p>
      )}
      <div className="row">
        <button type="button" autoFocus className="primary" disabled={busy} onClick={() => void remove(false)}>
          {uploaded.size > 0 ? 'Remove, keep the files' : 'Remove'}
        </button>
        {uploaded.size > 0 && (
          <button type="button" className="danger" disabled={busy} onClick={() => void remove(true)}>
            Remove and delete {count(uploaded.size, 'uploaded file')}
          </button>
        )}
        <button type="button" onClick={() => dialog.current?.close()}>
          Cancel
        </button>
      </div>
    </dialog>
  );
}
