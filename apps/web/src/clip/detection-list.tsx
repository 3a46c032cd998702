import type { RefObject } from 'react';
import type { ClipDetail } from '@primatrix/review-api';
import { sayOf } from './boxes-at.ts';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import { clock } from '../shell/words.ts';
import { Key } from '../shell/key.tsx';
import { keyOf } from '../shell/keys.ts';
import { say } from '../language/language.ts';

interface DetectionListProps {
  readonly clip: ClipDetail;
  /** Of the project. */
  readonly classes: readonly string[];
  readonly player: RefObject<HTMLMediaElement | null>;
  readonly shown: boolean;
  readonly onShow: (shown: boolean) => void;
}

/** What the detector saw, in order of time; each leads to its moment. */
export function DetectionList({ clip: { seen, kind }, classes, player, shown, onShow }: DetectionListProps) {
  const sightings = (seen?.sightings ?? []).toSorted((a, b) => (a.from ?? 0) - (b.from ?? 0));
  const jump = (seconds: number | null) => {
    if (player.current !== null && seconds !== null) player.current.currentTime = seconds;
  };
  const next = () => {
    const now = player.current?.currentTime ?? 0;
    // A player lands a little before or after what it was told.
    jump((sightings.find(({ from }) => (from ?? 0) > now + 0.05) ?? sightings[0])?.from ?? null);
  };
  useShortcuts({ j: next, o: () => onShow(!shown) });
  if (seen === null) return null;
  const inTime = kind === 'video';
  const words = say.clip.detections;
  return (
    <section className="detections" aria-label={words.title}>
      <div className="row">
        <label className="check">
          <input type="checkbox" checked={shown} onChange={(event) => onShow(event.target.checked)} /> {words.boxes}{' '}
          <Key of="o" />
        </label>
        {sightings.length === 0 ? (
          <span className="hint">{words.nothing(seen.model)}</span>
        ) : (
          inTime && (
            <button type="button" onClick={next} aria-keyshortcuts={keyOf('j')}>
              {words.next} <Key of="j" />
            </button>
          )
        )}
        {sightings.map((sighting, i) => (
          <button
            type="button"
            key={i}
            className={`seen ${sighting.group}`}
            disabled={!inTime || sighting.from === null}
            onClick={() => jump(sighting.from)}
          >
            {sayOf(sighting, classes)}
            {inTime && sighting.from !== null && sighting.to !== null && (
              <span className="hint">{`${clock(sighting.from)} – ${clock(sighting.to)}`}</span>
            )}
          </button>
        ))}
      </div>
    </section>
  );
}
