import type { Refit } from '@primatrix/review-api';
import { count, percent } from '../shell/words.ts';

interface RefitButtonProps {
  readonly refit: Refit;
  readonly open: boolean;
  readonly onClick: () => void;
}

/** Opens and closes the panel, and says from afar how a re-fit goes. */
export function RefitButton({ refit, open, onClick }: RefitButtonProps) {
  const { stage, corrections, since, done, inUse } = refit;
  const fresh = inUse === null ? corrections : since;
  const words =
    stage === 'running'
      ? `Re-fitting, ${percent(done)}`
      : stage === 'done'
        ? 'Re-fit is ready'
        : stage === 'failed'
          ? 'Re-fit has failed'
          : corrections === 0
            ? 'Re-fit'
            : `Re-fit with ${count(corrections, 'correction')}`;
  return (
    <button type="button" aria-expanded={open} onClick={onClick}>
      {words}
      {stage === 'idle' && inUse !== null && fresh > 0 && (
        <span className="count" title={`${count(fresh, 'clip')} reviewed since the last re-fit`}>
          {fresh.toLocaleString('en')} new
        </span>
      )}
    </button>
  );
}
