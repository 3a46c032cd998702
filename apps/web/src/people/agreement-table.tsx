import type { Agreement } from '@primatrix/review-api';
import { say } from '../language/language.ts';

/** How far any two people agree on the clips that both decided. */
export function AgreementTable({ agreement }: { readonly agreement: readonly Agreement[] }) {
  const words = say.people.agreement;
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={words.title}>
      <table className="people">
        <caption>{words.title}</caption>
        <thead>
          <tr>
            <th scope="col">{words.people}</th>
            <th scope="col">{words.clips}</th>
            <th scope="col">{words.same}</th>
            <th scope="col">{words.kappa}</th>
          </tr>
        </thead>
        <tbody>
          {agreement.map(({ people: [first, second], clips, same, kappa }) => (
            <tr key={`${first}\n${second}`}>
              <th scope="row">{words.pair(first || words.nobody, second || words.nobody)}</th>
              <td className="number">{say.number(clips)}</td>
              <td className="number">{say.number(same)}</td>
              <td className="number">{kappa === null ? '–' : say.fixed(kappa, 2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="hint">{words.hint}</p>
    </div>
  );
}
