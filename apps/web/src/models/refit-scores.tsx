import type { RefitComparison, RefitResult } from '@primatrix/review-api';
import { count, duration } from '../shell/words.ts';

/** Standard errors over fewer sites than this come out too small. */
const few = 12;

/** What a re-fit came to, before and after, and in words what of it is chance. */
export function RefitScores({ result }: { readonly result: RefitResult }) {
  const { training, reviewed, corrections, seconds } = result;
  const { reviewed: added, relabelled, confirmed } = corrections;
  const rows = [
    ...(reviewed === null ? [] : [{ name: 'Reviewed clips', of: reviewed }]),
    { name: 'Training clips', of: training },
  ];
  return (
    <>
      <p role="status">
        Retrained in {duration(seconds)}: {count(added, 'reviewed clip')} added
        {relabelled > 0 ? `, ${count(relabelled, 'training clip')} relabelled` : ''}
        {confirmed > 0 ? `, ${count(confirmed, 'training label')} confirmed` : ''}.
      </p>
      <p className="hint" id="refit-scores">
        Out of fold: by models that learned from no clip of the site. ± is one standard error; a lower log loss is
        better.
      </p>
      <div className="scroll" tabIndex={0} role="region" aria-label="Scores">
        <table aria-describedby="refit-scores">
          <thead>
            <tr>
              <th scope="col" rowSpan={2}>
                Clips
              </th>
              <th scope="colgroup" colSpan={2}>
                Log loss
              </th>
              <th scope="colgroup" colSpan={2}>
                Clips right
              </th>
            </tr>
            <tr>
              <th scope="col">before</th>
              <th scope="col">after</th>
              <th scope="col">before</th>
              <th scope="col">after</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, of: { clips, logLoss, accuracy } }) => (
              <tr key={name}>
                <th scope="row">
                  {name} <span className="hint">{clips.toLocaleString('en')}</span>
                </th>
                <td>{figure(logLoss.before, logLoss.beforeError)}</td>
                <td>{figure(logLoss.after, logLoss.afterError)}</td>
                <td>{share(accuracy.before, accuracy.beforeError)}</td>
                <td>{share(accuracy.after, accuracy.afterError)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul>
        {rows.map(({ name, of }) => (
          <li key={name}>
            <strong>{name}:</strong> {verdict(of)}
          </li>
        ))}
      </ul>
    </>
  );
}

/** In plain words whether a difference is more than chance makes: two standard errors. */
function verdict({ gain: { value, error }, groups }: RefitComparison): string {
  const size = Math.abs(value).toFixed(4);
  if (error === null) {
    return (
      'all of one site, so progress there cannot be told from chance: what was learned from them shows at other ' +
      'sites only.'
    );
  }
  const caution =
    groups.by === 'site' && groups.count < few ? ` Over ${count(groups.count, 'site')} even ± is a rough guess.` : '';
  if (Math.abs(value) <= 2 * error) {
    return `log loss ${value >= 0 ? 'lower' : 'higher'} by ${size} ± ${error.toFixed(4)}, which is within noise: no better and no worse, as far as these clips can tell.${caution}`;
  }
  if (value > 0) return `better: log loss lower by ${size} ± ${error.toFixed(4)}, more than chance makes.${caution}`;
  return `worse: log loss higher by ${size} ± ${error.toFixed(4)}, more than chance makes: check the reviews before you use it.${caution}`;
}

function figure(value: number, error: number | null): string {
  return error === null ? value.toFixed(4) : `${value.toFixed(4)} ± ${error.toFixed(4)}`;
}

function share(value: number, error: number | null): string {
  return error === null
    ? `${(value * 100).toFixed(1)} %`
    : `${(value * 100).toFixed(1)} ± ${(error * 100).toFixed(1)} %`;
}
