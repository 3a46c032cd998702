import type { OwnModel } from '@primatrix/review-api';
import { count, moment, percent } from '../shell/words.ts';
import { reportOf } from './models-api.ts';

interface ModelListProps {
  readonly models: readonly OwnModel[];
  /** Another model is being opened, or trained: none can be chosen now. */
  readonly busy: boolean;
  readonly onUse: (model: OwnModel) => void;
}

/** All models of the project: what each learned from, what it is worth, and which one predicts. */
export function ModelList({ models, busy, onUse }: ModelListProps) {
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label="Models">
      <table>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Trained</th>
            <th scope="col">On</th>
            <th scope="col">Right, on clips left out</th>
            <th scope="col">Use</th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <tr key={model.number}>
              <th scope="row">{model.name}</th>
              <td>{model.at === null ? 'not here' : moment(model.at)}</td>
              <td>
                {model.learned === null
                  ? '–'
                  : `${count(model.learned.clips, 'clip')}, ${model.learned.species.length} species`}
              </td>
              <td>
                {scoreOf(model)}{' '}
                {model.score?.before != null && <span className="hint">{beforeOf(model.score.before)}</span>}{' '}
                {model.score !== null && (
                  <a href={reportOf(model.number)} target="_blank" rel="noreferrer">
                    Report<span className="hidden"> of {model.name}</span>
                  </a>
                )}
              </td>
              <td>
                {model.inUse ? (
                  <strong>in use</strong>
                ) : (
                  <button
                    type="button"
                    disabled={busy}
                    aria-label={`Use it: ${model.name}`}
                    onClick={() => onUse(model)}
                  >
                    Use it
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What the model of before had right of the same clips, as far as it had not learned from them. */
function beforeOf({ clips, right }: { readonly clips: number; readonly right: number }): string {
  return `(the model in use then: ${percent(right / clips)} of ${count(clips, 'clip')})`;
}

function scoreOf({ score }: OwnModel): string {
  if (score === null) return 'not measured here';
  const { accuracy, clips, by } = score;
  const off = accuracy.error === null ? '' : ` ± ${(accuracy.error * 100).toFixed(0)}`;
  return `${(accuracy.value * 100).toFixed(0)}${off} % of ${count(clips, 'clip')}${by === 'site' ? ', sites left out' : ', all of one site'}`;
}
