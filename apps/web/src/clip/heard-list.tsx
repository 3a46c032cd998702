import type { RefObject } from 'react';
import type { ClipDetail } from '@primatrix/review-api';
import { say } from '../language/language.ts';
import { clock, percent } from '../shell/words.ts';

interface HeardListProps {
  readonly clip: ClipDetail;
  readonly player: RefObject<HTMLMediaElement | null>;
}

type Sound = NonNullable<ClipDetail['heard']>['sounds'][number];

/** What a classifier of sound heard, the surest first; each leads to the next of its moments. */
export function HeardList({ clip: { heard }, player }: HeardListProps) {
  if (heard === null) return null;
  const { model, sounds } = heard;
  const words = say.clip.sounds;
  const jump = ({ times }: Sound) => {
    if (player.current === null) return;
    const now = player.current.currentTime;
    // A player lands a little before or after what it was told.
    player.current.currentTime = (times.find(({ from }) => from > now + 0.05) ?? times[0])?.from ?? now;
  };
  return (
    <section className="detections" aria-label={words.title}>
      <div className="row">
        <span className="hint">{sounds.length === 0 ? words.nothing(model) : words.heard(model)}</span>
        {sounds.map((sound) => (
          <button type="button" key={sound.name} className="seen sound" onClick={() => jump(sound)}>
            {`${sound.name} ${percent(sound.score)}`}
            <span className="hint">
              {sound.times.map(({ from, to }) => `${clock(from)} – ${clock(to)}`).join(', ')}
            </span>
          </button>
        ))}
      </div>
    </section>
  );
}
