import type { Progress } from '@primatrix/review-api';
import { count, duration } from './words.ts';

const stages = { idle: '', starting: 'Opening the bundle…', nets: 'Nets are looking', ensemble: 'The ensemble weighs all clips…', stopped: 'Prediction has stopped' } as const;

/** How far prediction is, with the time left. */
export function ProgressStrip({ progress, connected }: { readonly progress: Progress; readonly connected: boolean }) {
  const { stage, total, done, failed, secondsLeft, current, trouble } = progress;
  if (!connected) return <p className="strip trouble" role="alert">The gateway does not answer; trying again…</p>;
  if (trouble !== null) return <p className="strip trouble" role="alert">{stages.stopped}: {trouble}</p>;
  if (stage === 'idle') return <p className="strip" role="status">{count(total, 'clip')}{total > 0 ? ', all predicted' : ''}{failed > 0 ? `, ${failed} failed` : ''}</p>;
  return (
    <div className="strip">
      <progress max={total} value={done} aria-label="Clips predicted" />
      <span role="status">{stages[stage]}: {done.toLocaleString('en')} of {count(total, 'clip')}{failed > 0 ? `, ${failed} failed` : ''}{secondsLeft !== null && secondsLeft > 0 ? `, about ${duration(secondsLeft)} left` : ''}</span>
      {current !== null && <span className="current">{current}</span>}
    </div>
  );
}
