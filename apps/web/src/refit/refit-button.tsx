import type { Refit } from '@primatrix/review-api';
import { count, percent } from '../shell/words.ts';

interface RefitButtonProps {
  readonly refit: Refit;
  readonly open: boolean;
  readonly onClick: () => void;
}

/** Opens and closes the panel, and says from afar how retraining goes. */
export function RefitButton({ refit, open, onClick }: RefitButtonProps) {
  const { stage, corrections, since, done, inUse } = refit;
  const fresh = inUse === null ? corrections : since;
  const words =
    stage === 'running'
      ? `Retraining, ${percent(done)}`
      : stage === 'done'
        ? 'New model is ready'
        : stage === 'failed'
          ? 'Retraining failed'
          : corrections === 0
            ? 'Retrain'
            : `Retrain with ${count(corrections, 'reviewed clip')}`;
  return (
    <button type="button" aria-expanded={open} onClick={onClick}>
      {words}
      {stage === 'idle' && inUse !== null && fresh > 0 && (
        <span className="count" title={`${count(fresh, 'clip')} reviewed since the last retraining`}>
          {fresh.toLocaleString('en')} new
        </span>
      )}
    </button>
  );
}
