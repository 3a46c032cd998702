import type { OwnModels, Refit } from '@primatrix/review-api';
import { count, percent } from '../shell/words.ts';

interface ModelsButtonProps {
  readonly models: OwnModels | null;
  readonly refit: Refit | null;
  readonly open: boolean;
  readonly onClick: () => void;
}

/** Opens and closes the panel of models, and says from afar how training and retraining go. */
export function ModelsButton({ models, refit, open, onClick }: ModelsButtonProps) {
  const training = models?.stage === 'running' ? `Training, ${percent(models.done)}` : null;
  const fresh = refit === null || refit.inUse === null ? 0 : refit.since;
  return (
    <button type="button" aria-expanded={open} onClick={onClick}>
      {training ?? (refit === null ? trainWords(models) : refitWords(refit))}
      {training === null && refit?.stage === 'idle' && fresh > 0 && (
        <span className="count" title={`${count(fresh, 'clip')} reviewed since the last retraining`}>
          {fresh.toLocaleString('en')} new
        </span>
      )}
    </button>
  );
}

function trainWords(models: OwnModels | null): string {
  return models?.stage === 'failed' ? 'Training failed' : 'Train my model';
}

function refitWords({ stage, corrections, done }: Refit): string {
  if (stage === 'running') return `Retraining, ${percent(done)}`;
  if (stage === 'done') return 'New model is ready';
  if (stage === 'failed') return 'Retraining failed';
  return corrections === 0 ? 'Retrain' : `Retrain with ${count(corrections, 'reviewed clip')}`;
}
