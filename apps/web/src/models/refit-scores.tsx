import type { RefitComparison, RefitResult } from '@primatrix/review-api';
import { say } from '../language/language.ts';
import { duration, percentOff } from '../shell/words.ts';

/** Standard errors over fewer sites than this come out too small. */
const few = 12;

/** What a re-fit came to, before and after, and in words what of it is chance. */
export function RefitScores({ result }: { readonly result: RefitResult }) {
  const { training, reviewed, corrections, seconds } = result;
  const { reviewed: added, relabelled, confirmed } = corrections;
  const words = say.refit.scores;
  const rows = [
    ...(reviewed === null ? [] : [{ name: words.reviewed, of: reviewed }]),
    { name: words.training, of: training },
  ];
  return (
    <>
      <p role="status">
        {words.done(
          duration(seconds),
          [
            words.added(added),
            ...(relabelled > 0 ? [words.relabelled(relabelled)] : []),
            ...(confirmed > 0 ? [words.confirmed(confirmed)] : []),
          ].join(', '),
        )}
      </p>
      <p className="hint" id="refit-scores">
        {words.hint}
      </p>
      <div className="scroll" tabIndex={0} role="region" aria-label={words.title}>
        <table aria-describedby="refit-scores">
          <thead>
            <tr>
              <th scope="col" rowSpan={2}>
                {words.clips}
              </th>
              <th scope="colgroup" colSpan={2}>
                {words.logLoss}
              </th>
              <th scope="colgroup" colSpan={2}>
                {words.right}
              </th>
            </tr>
            <tr>
              <th scope="col">{words.before}</th>
              <th scope="col">{words.after}</th>
              <th scope="col">{words.before}</th>
              <th scope="col">{words.after}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, of: { clips, logLoss, accuracy } }) => (
              <tr key={name}>
                <th scope="row">
                  {name} <span className="hint">{say.number(clips)}</span>
                </th>
                <td>{figure(logLoss.before, logLoss.beforeError)}</td>
                <td>{figure(logLoss.after, logLoss.afterError)}</td>
                <td>{percentOff(accuracy.before, accuracy.beforeError, 1)}</td>
                <td>{percentOff(accuracy.after, accuracy.afterError, 1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul>
        {rows.map(({ name, of }) => (
          <li key={name}>
            <strong>{words.of(name)}</strong> {verdict(of)}
          </li>
        ))}
      </ul>
    </>
  );
}

/** In plain words whether a difference is more than chance makes: two standard errors. */
function verdict({ gain: { value, error }, groups }: RefitComparison): string {
  const words = say.refit.scores;
  if (error === null) return words.oneSite;
  const caution = groups.by === 'site' && groups.count < few ? ` ${words.fewSites(groups.count)}` : '';
  const noise = Math.abs(value) <= 2 * error;
  const lower = noise ? words.noiseLower : words.better;
  const higher = noise ? words.noiseHigher : words.worse;
  return `${(value >= 0 ? lower : higher)(say.fixed(Math.abs(value), 4), say.fixed(error, 4))}${caution}`;
}

function figure(value: number, error: number | null): string {
  return error === null ? say.fixed(value, 4) : `${say.fixed(value, 4)} ± ${say.fixed(error, 4)}`;
}
