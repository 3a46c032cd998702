import { useState } from 'react';
import { api } from '../shell/api.ts';
import { decideMany, type Deciding } from '../shell/decisions.ts';
import { retry } from '../shell/notice.tsx';
import { clearSelection, selectAll, useSelection } from '../shell/selection.ts';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import { count } from '../shell/words.ts';
import { AcceptBlanks } from './accept-blanks.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { SayDialog } from './say-dialog.tsx';
import { Key } from '../shell/key.tsx';
import { keyOf } from '../shell/keys.ts';

interface SelectionBarProps {
  readonly filter: string;
  /** Clips that pass the filter; null before that is known. */
  readonly total: number | null;
  /** Names of species that can be said. */
  readonly species: readonly string[];
}

/** How many clips there are, and what can be done with those that are selected. */
export function SelectionBar({ filter, total, species }: SelectionBarProps) {
  const selection = useSelection();
  const [asking, setAsking] = useState<'remove' | 'species' | 'note' | 'blanks' | null>(null);
  const [trouble, setTrouble] = useState('');
  const { ids, troubled } = selection;
  const some = ids.size > 0;
  const attempt = (work: () => Promise<void>) =>
    void work().then(
      () => setTrouble(''),
      (error: Error) => setTrouble(error.message),
    );
  const all = () => attempt(async () => selectAll(await api.clipIds(filter)));
  const decide = (input: Deciding) =>
    attempt(async () => {
      await decideMany(ids, input);
      clearSelection();
    });
  const close = () => setAsking(null);
  useShortcuts(
    some
      ? {
          a: () => decide({ decision: 'accepted' }),
          b: () => decide({ decision: 'blank' }),
          u: () => decide({ decision: 'unsure' }),
          '/': () => setAsking('species'),
          t: () => setAsking('note'),
          Delete: () => setAsking('remove'),
          Escape: clearSelection,
          '*': all,
        }
      : { '*': all },
  );
  return (
    <>
      {some ? (
        <div className="selection" role="region" aria-label="Selected clips">
          <strong role="status">{count(ids.size, 'clip')} selected</strong>
          {total !== null && ids.size < total && (
            <button type="button" onClick={all} aria-keyshortcuts="*">
              Select all {total.toLocaleString('en')}
            </button>
          )}
          <span className="group">
            <button type="button" onClick={() => decide({ decision: 'accepted' })} aria-keyshortcuts={keyOf('a')}>
              Accept <Key of="a" />
            </button>
            <button type="button" onClick={() => decide({ decision: 'blank' })} aria-keyshortcuts={keyOf('b')}>
              Blank <Key of="b" />
            </button>
            <button type="button" onClick={() => decide({ decision: 'unsure' })} aria-keyshortcuts={keyOf('u')}>
              Unsure <Key of="u" />
            </button>
            <button type="button" onClick={() => setAsking('species')} aria-keyshortcuts={keyOf('/')}>
              Species… <Key of="/" />
            </button>
            <button type="button" onClick={() => setAsking('note')} aria-keyshortcuts={keyOf('t')}>
              Note… <Key of="t" />
            </button>
          </span>
          <span className="group">
            {troubled.size > 0 && (
              <button type="button" onClick={() => attempt(() => retry(troubled))}>
                Retry {troubled.size.toLocaleString('en')} failed or degraded
              </button>
            )}
            <button type="button" onClick={() => setAsking('remove')} aria-keyshortcuts="Delete">
              Remove… <kbd>Del</kbd>
            </button>
            <button type="button" onClick={clearSelection} aria-keyshortcuts="Escape">
              Select none <kbd>Esc</kbd>
            </button>
          </span>
        </div>
      ) : (
        total !== null &&
        total > 0 && (
          <div className="row">
            <button type="button" onClick={all} aria-keyshortcuts="*">
              Select all {total.toLocaleString('en')} <kbd>*</kbd>
            </button>
            <button type="button" onClick={() => setAsking('blanks')}>
              Accept blanks…
            </button>
          </div>
        )
      )}
      {trouble !== '' && (
        <p className="trouble" role="alert">
          {trouble}
        </p>
      )}
      {asking === 'remove' && <RemoveDialog selection={selection} onClose={close} onRemoved={close} />}
      {(asking === 'species' || asking === 'note') && (
        <SayDialog what={asking} of={count(ids.size, 'clip')} species={species} onClose={close} onSay={decide} />
      )}
      {asking === 'blanks' && <AcceptBlanks filter={filter} onClose={close} />}
    </>
  );
}
