import { useState } from 'react';
import { api } from '../shell/api.ts';
import { lookAgain } from '../shell/notice.tsx';
import { clearSelection, selectAll, useSelection } from '../shell/selection.ts';
import { RemoveDialog } from './remove-dialog.tsx';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import { count } from '../shell/words.ts';

interface SelectionBarProps {
  readonly filter: string;
  /** Clips that pass the filter. */
  readonly total: number;
}

/** What can be done with the clips that are chosen. */
export function SelectionBar({ filter, total }: SelectionBarProps) {
  const selection = useSelection();
  const [removing, setRemoving] = useState(false);
  const [trouble, setTrouble] = useState('');
  const { ids, troubled } = selection;
  const attempt = (work: () => Promise<void>) =>
    void work().then(
      () => setTrouble(''),
      (error: Error) => setTrouble(error.message),
    );
  useShortcuts(ids.size === 0 ? {} : { Delete: () => setRemoving(true), Escape: clearSelection });
  return (
    <>
      {ids.size > 0 && (
        <div className="selection" role="region" aria-label="Chosen clips">
          <strong role="status">{count(ids.size, 'clip')} chosen</strong>
          {ids.size < total && (
            <button type="button" onClick={() => attempt(async () => selectAll(await api.clipIds(filter)))}>
              Choose all {total.toLocaleString('en')}
            </button>
          )}
          {troubled.size > 0 && (
            <button type="button" onClick={() => attempt(() => lookAgain(troubled))}>
              Look again at {troubled.size.toLocaleString('en')} failed or degraded
            </button>
          )}
          <button type="button" onClick={() => setRemoving(true)} aria-keyshortcuts="Delete">
            Remove… <kbd>Del</kbd>
          </button>
          <button type="button" onClick={clearSelection} aria-keyshortcuts="Escape">
            Choose none <kbd>Esc</kbd>
          </button>
        </div>
      )}
      {trouble !== '' && (
        <p className="trouble" role="alert">
          {trouble}
        </p>
      )}
      {removing && (
        <RemoveDialog selection={selection} onClose={() => setRemoving(false)} onRemoved={() => setRemoving(false)} />
      )}
    </>
  );
}
