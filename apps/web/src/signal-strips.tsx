import { useEffect, useState, type MouseEvent, type RefObject } from 'react';
import type { ClipDetail, ClipSignals } from '@primatrix/review-api';
import { api } from './api.ts';

interface SignalStripsProps {
  readonly clip: ClipDetail;
  readonly player: RefObject<HTMLMediaElement | null>;
}

/** How the clip moves (by its image hashes) and sounds over time; a click goes there. */
export function SignalStrips({ clip, player }: SignalStripsProps) {
  const [signals, setSignals] = useState<ClipSignals | null>(null);
  const [at, setAt] = useState(0);
  const length = clip.durationSeconds ?? 0;
  useEffect(() => {
    let left = false;
    api.signals(clip.id).then((loaded) => !left && setSignals(loaded), () => undefined);
    return () => void (left = true);
  }, [clip.id]);
  useEffect(() => {
    let frame = requestAnimationFrame(function tick() {
      const media = player.current;
      if (media !== null && media.duration > 0) setAt(media.currentTime / media.duration);
      frame = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(frame);
  }, [player]);

  if (signals === null) return <p className="hint" role="status">Measuring motion and sound…</p>;
  const seek = (event: MouseEvent<SVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const media = player.current;
    if (media !== null && media.duration > 0) media.currentTime = ((event.clientX - box.left) / box.width) * media.duration;
  };
  return (
    <div className="strips">
      <Strip name="Motion" unit="bits of 64 changed" values={signals.motion} highest={Math.max(16, ...signals.motion)} length={length} at={at} onClick={seek} />
      {signals.sound.length > 0 && <Strip name="Sound" unit="of full scale" values={signals.sound} highest={Math.max(0.05, ...signals.sound)} length={length} at={at} onClick={seek} />}
    </div>
  );
}

interface StripProps {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
  readonly highest: number;
  readonly length: number;
  readonly at: number;
  readonly onClick: (event: MouseEvent<SVGElement>) => void;
}

function Strip({ name, unit, values, highest, length, at, onClick }: StripProps) {
  if (values.length === 0) return null;
  const most = Math.max(...values);
  const peak = (values.indexOf(most) / values.length) * length;
  const bars = values.map((value, i) => `M${i + 0.5} 40V${40 - (value / highest) * 40}`).join('');
  return (
    <figure>
      <figcaption>{name}</figcaption>
      <svg viewBox={`0 0 ${values.length} 40`} preserveAspectRatio="none" role="img" aria-label={`${name} over time: most (${Math.round(most * 100) / 100} ${unit}) at ${peak.toFixed(1)} s of ${length.toFixed(1)} s`} onClick={onClick}>
        <path d={bars} vectorEffect="non-scaling-stroke" />
        <line x1={at * values.length} x2={at * values.length} y1="0" y2="40" vectorEffect="non-scaling-stroke" />
      </svg>
    </figure>
  );
}
