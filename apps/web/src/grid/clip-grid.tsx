import {
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
} from 'react';
import type { ClipSummary } from '@primatrix/review-api';
import { GridCard } from './grid-card.tsx';
import { SayDialog } from './say-dialog.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { api } from '../shell/api.ts';
import { decideMany, showClipsHere, type Deciding } from '../shell/decisions.ts';
import { usualKeyOf } from '../shell/keys.ts';
import { tell } from '../shell/notice.tsx';
import { endQueue } from '../shell/queue.ts';
import { useClips, type LoadedClips } from './use-clips.ts';
import { eventAddress } from '../shell/use-route.ts';
import { useRangeSelection } from './use-range-selection.ts';
import { say } from '../language/language.ts';
import { baseName } from '../shell/words.ts';

/** Cards are at least so wide, in pixels; more columns fit a wider page. */
const cardWidth = 176;
/** Words below the picture, and the gap to the next row. */
const wordsHeight = 70;
const gap = 12;
/** Rows that are drawn beyond what is seen. */
const margin = 2;
/** How far a card moves at most while decided ones before it leave the list. */
const farthest = 100;

interface ClipGridProps {
  readonly filter: string;
  readonly version: number;
  /** Names of species that can be said. */
  readonly species: readonly string[];
  /** Where the page was scrolled to when it was left. */
  readonly scrolled: RefObject<number>;
}

/** Clips as cards, of which only those in view are in the page, however many there are. */
export function ClipGrid({ filter, version, species, scrolled }: ClipGridProps) {
  const clips = useClips(filter, version);
  const { selected, toggle, selectTo } = useRangeSelection(filter, clips);
  const list = useRef<HTMLUListElement>(null);
  const [view, setView] = useState({ width: 0, top: 0, height: 0 });
  const [active, setActive] = useState(0);
  const moved = useRef(false);
  // The card that is to have the focus, wherever it stands once decided clips have left the list.
  const wanted = useRef<string | null>(null);
  const [asking, setAsking] = useState<'species' | 'note' | null>(null);
  // Taken before anything is measured, which would forget it.
  const back = useRef<number | null>(scrolled.current);
  const [filterBefore, setFilterBefore] = useState(filter);
  if (filterBefore !== filter) {
    setFilterBefore(filter);
    setActive(0);
    moved.current = false;
    wanted.current = null;
  }
  useEffect(endQueue, []);

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

  // Clips before it were decided and have left the list: the focus goes with its card.
  const { at } = clips;
  useEffect(() => {
    if (wanted.current === null || at(active)?.id === wanted.current) return;
    for (let index = active; index >= Math.max(0, active - farthest); index--) {
      if (at(index)?.id === wanted.current) return setActive(index);
    }
  });
  useEffect(() => {
    if (total > 0 && active >= total) setActive(total - 1);
  }, [active, total]);

  useEffect(() => {
    showClipsHere(async (id) => {
      const { index } = await api.place(id, filter);
      if (index === null) return false;
      moved.current = true;
      wanted.current = id;
      setActive(index);
      return true;
    });
    return () => showClipsHere(null);
  }, [filter]);

  async function decideHere(input: Deciding) {
    const here = clips.at(active);
    if (here === undefined) return;
    const next = clips.at(active + 1);
    if (input.decision !== undefined && next !== undefined) {
      moved.current = true;
      wanted.current = next.id;
      setActive(active + 1);
    }
    const { event } = here;
    const whole = event?.open === false;
    await decideMany(whole ? event.ids : [here.id], input, whole ? undefined : baseName(here.filename)).catch(
      (error: Error) => tell({ says: error.message }),
    );
  }

  function takeSuggestion() {
    const species = clips.at(active)?.suggestion?.species;
    if (species === undefined) return;
    void decideHere(species === 'blank' ? { decision: 'blank' } : { decision: 'corrected', species: [species] });
  }

  function onClick(event: MouseEvent, index: number) {
    if (!event.shiftKey) return;
    event.preventDefault();
    selectTo(index, active);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const keys: Readonly<Record<string, () => void>> = {
      x: () => toggle(active),
      X: () => selectTo(active),
      ...(selected.size > 0
        ? {}
        : {
            a: () => void decideHere({ decision: 'accepted' }),
            e: takeSuggestion,
            b: () => void decideHere({ decision: 'blank' }),
            u: () => void decideHere({ decision: 'unsure' }),
            '/': () => setAsking('species'),
            t: () => setAsking('note'),
          }),
    };
    const act = keys[usualKeyOf(event.key) ?? ''];
    if (act !== undefined && clips.at(active) !== undefined) {
      event.preventDefault();
      act();
      return;
    }
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
    if (step === undefined) return;
    event.preventDefault();
    moved.current = true;
    wanted.current = null;
    const to = Math.max(0, Math.min(total - 1, active + step));
    if (event.shiftKey) selectTo(to, active);
    setActive(to);
  }

  const openEvent = new URLSearchParams(filter).get('open');
  const cards = [];
  for (let index = first; index < last; index++) {
    const clip = clips.at(index);
    const place = {
      transform: `translate(${(index % columns) * ((view.width + gap) / columns)}px, ${Math.floor(index / columns) * rowHeight}px)`,
      width: (view.width - gap * (columns - 1)) / columns,
    };
    cards.push(
      <GridCard
        key={index}
        clip={clip}
        index={index}
        total={total}
        style={place}
        active={index === active}
        selected={clip !== undefined && isSelected(clip, selected)}
        filter={filter}
        onFocus={() => {
          // Who goes elsewhere is left there.
          if (clip?.id !== wanted.current) wanted.current = null;
          setActive(index);
        }}
        onClick={(event) => onClick(event, index)}
        onToggle={() => toggle(index)}
      />,
    );
  }
  return (
    <>
      <p className="total" role="status">
        {clips.total === null ? say.shell.loading : total === 0 ? say.grid.none : totalOf(clips, filter)}
      </p>
      {openEvent !== null && (
        <p className="row">
          <a className="button" href={eventAddress('', filter)}>
            {say.grid.closeEvent}
          </a>
        </p>
      )}
      <SelectionBar filter={filter} total={clips.total === null ? null : clips.ofClips} species={species} />
      {asking !== null && (
        <SayDialog
          what={asking}
          of={nameOf(clips.at(active))}
          species={species}
          note={clips.at(active)?.note ?? ''}
          onSay={(input) => void decideHere(input)}
          onClose={() => setAsking(null)}
        />
      )}
      <ul
        className={selected.size > 0 ? 'grid choosing' : 'grid'}
        ref={list}
        style={{ height: Math.ceil(total / columns) * rowHeight }}
        onKeyDown={onKeyDown}
        aria-label={say.grid.clips}
      >
        {cards}
      </ul>
    </>
  );
}

function isSelected({ id, event }: ClipSummary, selected: ReadonlySet<string>): boolean {
  return event?.open === false ? event.ids.every((one) => selected.has(one)) : selected.has(id);
}

function nameOf(clip: ClipSummary | undefined): string {
  if (clip?.event?.open === false) return say.counts.clips(clip.event.ids.length);
  return baseName(clip?.filename ?? '');
}

/** How many clips pass; where they are grouped, in how many places of the list. */
function totalOf({ total, ofClips }: LoadedClips, filter: string): string {
  const clips = say.counts.clips(ofClips);
  if (!new URLSearchParams(filter).has('events') || total === null) return clips;
  return say.grid.inCards(clips, total);
}
