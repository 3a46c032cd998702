import type { OwnModel } from '@primatrix/review-api';
import { say } from '../language/language.ts';
import { percent, percentOff } from '../shell/words.ts';
import { reportOf } from './models-api.ts';

interface ModelListProps {
  readonly models: readonly OwnModel[];
  /** Another model is being opened, or trained: none can be chosen now. */
  readonly busy: boolean;
  readonly onUse: (model: OwnModel) => void;
}

/** All models of the project: what each learned from, what it is worth, and which one predicts. */
export function ModelList({ models, busy, onUse }: ModelListProps) {
  const words = say.models.list;
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={say.models.title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.model}</th>
            <th scope="col">{words.trained}</th>
            <th scope="col">{words.on}</th>
            <th scope="col">{words.right}</th>
            <th scope="col">{words.use}</th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <tr key={model.number}>
              <th scope="row">{model.name}</th>
              <td>{model.at === null ? words.notHere : say.moment(model.at)}</td>
              <td>
                {model.learned === null
                  ? '–'
                  : `${say.counts.clips(model.learned.clips)}, ${say.counts.species(model.learned.species.length)}`}
              </td>
              <td>
                {scoreOf(model)}{' '}
                {model.score?.before != null && <span className="hint">{beforeOf(model.score.before)}</span>}{' '}
                {model.score !== null && (
                  <a href={reportOf(model.number)} target="_blank" rel="noreferrer">
                    {words.report}
                    <span className="hidden"> {words.reportOf(model.name)}</span>
                  </a>
                )}
              </td>
              <td>
                {model.inUse ? (
                  <strong>{words.inUse}</strong>
                ) : (
                  <button
                    type="button"
                    disabled={busy}
                    aria-label={words.useModel(model.name)}
                    onClick={() => onUse(model)}
                  >
                    {words.useIt}
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
  return say.models.list.before(percent(right / clips), say.counts.clips(clips));
}

function scoreOf({ score }: OwnModel): string {
  const words = say.models.list;
  if (score === null) return words.notMeasured;
  const { accuracy, clips, by } = score;
  const says = words.score(percentOff(accuracy.value, accuracy.error), say.counts.clips(clips));
  return by === 'site' ? words.bySite(says) : words.oneSite(says);
}
