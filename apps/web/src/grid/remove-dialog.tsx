import { useEffect, useRef, useState } from 'react';
import { removeClips } from '../shell/notice.tsx';
import type { Selection } from '../shell/selection.ts';
import { say } from '../language/language.ts';

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
  const words = say.grid.removal;
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
      <h2 id="remove">{words.title(ids.size)}</h2>
      {uploaded.size < ids.size && <p>{words.filesStay}</p>}
      {uploaded.size > 0 && (
        <p>
          {uploaded.size < ids.size
            ? words.someUploaded(uploaded.size)
            : ids.size === 1
              ? words.oneUploaded
              : words.allUploaded}
        </p>
      )}
      <p>
        {words.decisionsStay} {uploaded.size > 0 && words.deletedGone}
      </p>
      {trouble !== '' && (
        <p className="trouble" role="alert">
          {trouble}
        </p>
      )}
      <div className="row">
        <button type="button" autoFocus className="primary" disabled={busy} onClick={() => void remove(false)}>
          {uploaded.size > 0 ? words.keepFiles : words.remove}
        </button>
        {uploaded.size > 0 && (
          <button type="button" className="danger" disabled={busy} onClick={() => void remove(true)}>
            {words.deleteToo(uploaded.size)}
          </button>
        )}
        <button type="button" onClick={() => dialog.current?.close()}>
          {say.shell.cancel}
        </button>
      </div>
    </dialog>
  );
}
