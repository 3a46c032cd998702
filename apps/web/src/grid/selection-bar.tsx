import { useState } from 'react';
import { api } from '../shell/api.ts';
import { decideMany, type Deciding } from '../shell/decisions.ts';
import { retry } from '../shell/notice.tsx';
import { clearSelection, selectAll, useSelection } from '../shell/selection.ts';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import { say } from '../language/language.ts';
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
  const words = say.grid.selection;
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
        <div className="selection" role="region" aria-label={words.title}>
          <strong role="status">{words.selected(ids.size)}</strong>
          {total !== null && ids.size < total && (
            <button type="button" onClick={all} aria-keyshortcuts="*">
              {words.all(say.number(total))}
            </button>
          )}
          <span className="group">
            <button type="button" onClick={() => decide({ decision: 'accepted' })} aria-keyshortcuts={keyOf('a')}>
              {words.accept} <Key of="a" />
            </button>
            <button type="button" onClick={() => decide({ decision: 'blank' })} aria-keyshortcuts={keyOf('b')}>
              {words.blank} <Key of="b" />
            </button>
            <button type="button" onClick={() => decide({ decision: 'unsure' })} aria-keyshortcuts={keyOf('u')}>
              {words.unsure} <Key of="u" />
            </button>
            <button type="button" onClick={() => setAsking('species')} aria-keyshortcuts={keyOf('/')}>
              {words.species} <Key of="/" />
            </button>
            <button type="button" onClick={() => setAsking('note')} aria-keyshortcuts={keyOf('t')}>
              {words.note} <Key of="t" />
            </button>
          </span>
          <span className="group">
            {troubled.size > 0 && (
              <button type="button" onClick={() => attempt(() => retry(troubled))}>
                {words.retry(say.number(troubled.size))}
              </button>
            )}
            <button type="button" onClick={() => setAsking('remove')} aria-keyshortcuts="Delete">
              {words.remove} <kbd>{say.keys.caps.Del}</kbd>
            </button>
            <button type="button" onClick={clearSelection} aria-keyshortcuts="Escape">
              {words.none} <kbd>{say.keys.caps.Esc}</kbd>
            </button>
          </span>
        </div>
      ) : (
        total !== null &&
        total > 0 && (
          <div className="row">
            <button type="button" onClick={all} aria-keyshortcuts="*">
              {words.all(say.number(total))} <kbd>*</kbd>
            </button>
            <button type="button" onClick={() => setAsking('blanks')}>
              {words.acceptBlanks}
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
        <SayDialog what={asking} of={say.counts.clips(ids.size)} species={species} onClose={close} onSay={decide} />
      )}
      {asking === 'blanks' && <AcceptBlanks filter={filter} onClose={close} />}
    </>
  );
}
