import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { ClipCard } from './clip-card.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { toggleSelected, useSelection } from '../shell/selection.ts';
import { useClips } from './use-clips.ts';
import { clipAddress } from '../shell/use-route.ts';
import { count } from '../shell/words.ts';

/** Cards are at least so wide, in pixels; more columns fit a wider page. */
const cardWidth = 176;
/** Words below the picture, and the gap to the next row. */
const wordsHeight = 52;
const gap = 12;
/** Rows that are drawn beyond what is seen. */
const margin = 2;

interface ClipGridProps {
  readonly filter: string;
  readonly version: number;
  /** Where the page was scrolled to when it was left. */
  readonly scrolled: RefObject<number>;
}

/** Clips as cards, of which only those in view are in the page, however many there are. */
export function ClipGrid({ filter, version, scrolled }: ClipGridProps) {
  const clips = useClips(filter, version);
  const { ids: chosen } = useSelection();
  const list = useRef<HTMLUListElement>(null);
  const [view, setView] = useState({ width: 0, top: 0, height: 0 });
  const [active, setActive] = useState(0);
  const moved = useRef(false);
  // Taken before anything is measured, which would forget it.
  const back = useRef<number | null>(scrolled.current);
  const [filterBefore, setFilterBefore] = useState(filter);
  if (filterBefore !== filter) {
    setFilterBefore(filter);
    setActive(0);
    moved.current = false;
  }

  useLayoutEffect(() => {
    const measure = () => {
      const box = list.current?.getBoundingClientRect();
      if (box === undefined) return;
      setView({ width: box.width, top: Math.max(0, -box.top), height: innerHeight });
      scrolled.current = scrollY;
    };
    measure();
    addEventListener('scroll', measure, { passive: true });
    addEventListener('resize', measure);
    return () => {
      removeEventListener('scroll', measure);
      removeEventListener('resize', measure);
    };
  }, [scrolled, clips.total]);

  const total = clips.total ?? 0;
  const columns = Math.max(2, Math.floor((view.width + gap) / (cardWidth + gap)));
  const rowHeight = ((view.width - gap * (columns - 1)) / columns) * 0.5625 + wordsHeight + gap;
  const first = Math.max(0, Math.floor(view.top / rowHeight) - margin) * columns;
  const last = Math.min(total, (Math.ceil((view.top + view.height) / rowHeight) + margin) * columns);

  // Back from a clip: to where the grid was left.
  useLayoutEffect(() => {
    if (back.current === null || clips.total === null || view.width === 0) return;
    scrollTo(0, back.current);
    back.current = null;
  }, [clips.total, view.width]);

  const { want } = clips;
  useEffect(() => {
    if (view.width > 0) want(first, Math.max(last, first + 1));
  }, [want, first, last, view.width]);

  useEffect(() => {
    if (!moved.current) return;
    const top = Math.floor(active / columns) * rowHeight + (list.current?.getBoundingClientRect().top ?? 0);
    if (top < 0) scrollBy(0, top - gap);
    else if (top + rowHeight > innerHeight) scrollBy(0, top + rowHeight - innerHeight);
    list.current?.querySelector<HTMLElement>(`[data-index="${active}"]`)?.focus({ preventScroll: true });
  }, [active, columns, rowHeight, first, last]);

  function onKeyDown(event: KeyboardEvent) {
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: columns,
      ArrowUp: -columns,
      PageDown: columns * 4,
      PageUp: -columns * 4,
      Home: -active,
      End: total - 1 - active,
    };
    const step = steps[event.key];
    const here = clips.at(active);
    if (event.key === 'x' && here !== undefined && !event.ctrlKey && !event.altKey && !event.metaKey) {
      toggleSelected(here);
    }
    if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    moved.current = true;
    setActive(Math.max(0, Math.min(total - 1, active + step)));
  }

  const cards = [];
  for (let index = first; index < last; index++) {
    const clip = clips.at(index);
    const place = {
      transform: `translate(${(index % columns) * ((view.width + gap) / columns)}px, ${Math.floor(index / columns) * rowHeight}px)`,
      width: (view.width - gap * (columns - 1)) / columns,
    };
    cards.push(
      <li
        key={index}
        style={place}
        className={clip !== undefined && chosen.has(clip.id) ? 'chosen' : undefined}
        aria-setsize={total}
        aria-posinset={index + 1}
      >
        {clip === undefined ? (
          <span className="card" />
        ) : (
          <a
            className="card"
            href={clipAddress(clip.id, filter)}
            data-index={index}
            tabIndex={index === active ? 0 : -1}
            onFocus={() => setActive(index)}
          >
            <ClipCard clip={clip} />
          </a>
        )}
        {clip !== undefined && (
          <label className="pick">
            <input
              type="checkbox"
              checked={chosen.has(clip.id)}
              tabIndex={index === active ? 0 : -1}
              aria-label={`Choose ${clip.filename}`}
              aria-keyshortcuts="x"
              onChange={() => toggleSelected(clip)}
            />
          </label>
        )}
      </li>,
    );
  }
  return (
    <>
      <p className="total" role="status">
        {clips.total === null ? 'Loading…' : total === 0 ? 'No clip passes these filters.' : count(total, 'clip')}
      </p>
      <SelectionBar filter={filter} total={total} />
      <ul
        className={chosen.size > 0 ? 'grid choosing' : 'grid'}
        ref={list}
        style={{ height: Math.ceil(total / columns) * rowHeight }}
        onKeyDown={onKeyDown}
        aria-label="Clips"
      >
        {cards}
      </ul>
    </>
  );
}
