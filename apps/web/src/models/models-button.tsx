import type { OwnModels, Refit } from '@primatrix/review-api';
import { say } from '../language/language.ts';
import { percent } from '../shell/words.ts';

interface ModelsButtonProps {
  readonly models: OwnModels | null;
  readonly refit: Refit | null;
  readonly open: boolean;
  readonly onClick: () => void;
}

/** Opens and closes the panel of models, and says from afar how training and retraining go. */
export function ModelsButton({ models, refit, open, onClick }: ModelsButtonProps) {
  const words = say.models.button;
  const training = models?.stage === 'running' ? words.training(percent(models.done)) : null;
  const fresh = refit === null || refit.inUse === null ? 0 : refit.since;
  return (
    <button type="button" aria-expanded={open} onClick={onClick}>
      {training ?? (refit === null ? trainWords(models) : refitWords(refit))}
      {training === null && refit?.stage === 'idle' && fresh > 0 && (
        <span className="count" title={words.sinceLast(fresh)}>
          {words.fresh(say.number(fresh))}
        </span>
      )}
    </button>
  );
}

function trainWords(models: OwnModels | null): string {
  return models?.stage === 'failed' ? say.models.button.trainingFailed : say.models.button.train;
}

function refitWords({ stage, corrections, done }: Refit): string {
  const words = say.models.button;
  if (stage === 'running') return words.retraining(percent(done));
  if (stage === 'done') return words.ready;
  if (stage === 'failed') return words.retrainingFailed;
  return corrections === 0 ? words.retrain : words.retrainWith(corrections);
}
