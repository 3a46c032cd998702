import { memo, useEffect, useRef, useState, type MouseEvent, type RefObject } from 'react';
import type { ClipDetail, ClipSignals } from '@primatrix/review-api';
import { api } from '../shell/api.ts';
import { Spectrogram } from './spectrogram.tsx';
import { Timeline, type TimelineProps } from './timeline.tsx';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import { clock } from '../shell/words.ts';
import { say } from '../language/language.ts';

interface SignalStripsProps {
  readonly clip: ClipDetail;
  readonly player: RefObject<HTMLMediaElement | null>;
}

/** How the clip moves (by its image hashes) and sounds over time, all on the player's time; a click goes there. */
export function SignalStrips({ clip, player }: SignalStripsProps) {
  const [signals, setSignals] = useState<ClipSignals | null>(null);
  const [trouble, setTrouble] = useState('');
  // The player knows best; what was probed stands in until it has loaded.
  const [length, setLength] = useState(clip.durationSeconds ?? 0);
  const words = say.clip.signals;
  const strips = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let left = false;
    api.signals(clip.id).then(
      (loaded) => !left && setSignals(loaded),
      (error: Error) => !left && setTrouble(error.message),
    );
    return () => void (left = true);
  }, [clip.id]);
  useEffect(() => {
    let frame = requestAnimationFrame(function tick() {
      const media = player.current;
      if (media !== null && media.duration > 0) {
        // Past React: nothing but the line moves, many times a second.
        strips.current?.style.setProperty('--at', String(media.currentTime / media.duration));
        if (Number.isFinite(media.duration)) setLength(media.duration);
      }
      frame = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(frame);
  }, [player]);

  const step = (seconds: number) => () => {
    if (player.current !== null) player.current.currentTime += seconds;
  };
  useShortcuts({ ArrowLeft: step(-1), ArrowRight: step(1) });
  const seek = (event: MouseEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const media = player.current;
    if (media !== null && media.duration > 0) {
      media.currentTime = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * media.duration;
    }
  };
  return (
    <div className="strips" ref={strips}>
      {trouble !== '' && (
        <p className="hint" role="alert">
          {words.unmeasured(trouble)}
        </p>
      )}
      {signals === null && trouble === '' && (
        <p className="hint" role="status">
          {words.measuring}
        </p>
      )}
      {signals !== null && (
        <Strip
          name={words.motion}
          peakSays={words.motionPeak}
          values={signals.motion}
          least={16}
          seconds={length}
          length={length}
          onSeek={seek}
        />
      )}
      {signals !== null && (
        <Strip
          name={words.loudness}
          peakSays={words.loudnessPeak}
          values={signals.sound}
          least={0.05}
          seconds={signals.soundSeconds}
          length={length}
          onSeek={seek}
        />
      )}
      <Spectrogram id={clip.id} length={length} onSeek={seek} />
      {length > 0 && <TimeAxis length={length} />}
    </div>
  );
}

interface StripProps extends Omit<TimelineProps, 'children'> {
  /** Says the highest value, when it was, and of how long a time. */
  readonly peakSays: (most: string, at: string, length: string) => string;
  readonly values: readonly number[];
  /** The highest bar stands for at least so much. */
  readonly least: number;
}

function Strip({ peakSays, values, least, ...timeline }: StripProps) {
  if (values.length === 0) return null;
  const most = Math.max(...values);
  const peak = (values.indexOf(most) / values.length) * timeline.seconds;
  return (
    <Timeline {...timeline}>
      <Bars
        values={values}
        highest={Math.max(least, most)}
        says={peakSays(say.number(Math.round(most * 100) / 100), tenths(peak), tenths(timeline.length))}
      />
    </Timeline>
  );
}

const Bars = memo(function Bars({
  values,
  highest,
  says,
}: {
  readonly values: readonly number[];
  readonly highest: number;
  readonly says: string;
}) {
  const bars = values.map((value, i) => `M${i + 0.5} 40V${40 - (value / highest) * 40}`).join('');
  return (
    <svg viewBox={`0 0 ${values.length} 40`} preserveAspectRatio="none" role="img" aria-label={says}>
      <path d={bars} vectorEffect="non-scaling-stroke" />
    </svg>
  );
});

/** 3.14 → `3.1 s`. */
function tenths(seconds: number): string {
  return say.units.seconds(say.fixed(seconds, 1));
}

function TimeAxis({ length }: { readonly length: number }) {
  const text = (seconds: number) =>
    length < 60 ? say.units.seconds(say.number(Number(seconds.toFixed(1)))) : clock(seconds);
  return (
    <div className="axis" aria-hidden="true">
      {[0, 0.25, 0.5, 0.75, 1].map((share) => (
        <span key={share}>{text(share * length)}</span>
      ))}
    </div>
  );
}
