import type { CSSProperties, MouseEvent } from 'react';
import type { ClipSummary } from '@primatrix/review-api';
import { clipAddress, eventAddress } from '../shell/use-route.ts';
import { say } from '../language/language.ts';
import { ClipCard } from './clip-card.tsx';
import { keyOf } from '../shell/keys.ts';

interface GridCardProps {
  /** Undefined until it has been loaded. */
  readonly clip: ClipSummary | undefined;
  readonly index: number;
  /** Of the list. */
  readonly total: number;
  readonly style: CSSProperties;
  /** Whether Tab leads to it. */
  readonly active: boolean;
  readonly selected: boolean;
  readonly filter: string;
  readonly onFocus: () => void;
  /** A click that may be meant for a range. */
  readonly onClick: (event: MouseEvent) => void;
  readonly onToggle: () => void;
}

/** A card at its place in the grid: a way to the clip, and a box that selects it. */
export function GridCard({ clip, index, total, style, active, selected, filter, ...on }: GridCardProps) {
  const event = clip?.event ?? null;
  const closed = event?.open === false;
  const kind = [...(selected ? ['chosen'] : []), ...(event === null ? [] : [closed ? 'event' : 'of-event'])].join(' ');
  return (
    <li style={style} className={kind === '' ? undefined : kind} aria-setsize={total} aria-posinset={index + 1}>
      {clip === undefined ? (
        <span className="card" />
      ) : (
        <>
          <a
            className="card"
            href={event?.open === false ? eventAddress(event.id, filter) : clipAddress(clip.id, filter)}
            data-index={index}
            tabIndex={active ? 0 : -1}
            onFocus={on.onFocus}
            onClick={on.onClick}
          >
            <ClipCard clip={clip} />
            {closed && <span className="clips">{say.counts.clips(event.ids.length)}</span>}
          </a>
          <label className="pick" onClick={on.onClick}>
            <input
              type="checkbox"
              checked={selected}
              tabIndex={active ? 0 : -1}
              aria-label={
                closed ? say.grid.selectEvent(say.counts.clips(event.ids.length)) : say.grid.selectClip(clip.filename)
              }
              aria-keyshortcuts={keyOf('x')}
              onChange={on.onToggle}
            />
          </label>
        </>
      )}
    </li>
  );
}
