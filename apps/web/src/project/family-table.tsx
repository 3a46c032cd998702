import type { Progress } from '@primatrix/review-api';
import { cost } from '../shell/words.ts';
import { say } from '../language/language.ts';

/** How far each family of the bundle is, and what it costs a clip. */
export function FamilyTable({ families, total }: Pick<Progress, 'families' | 'total'>) {
  const words = say.project.families;
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={words.title}>
      <table className="families">
        <thead>
          <tr>
            <th scope="col">{words.family}</th>
            <th scope="col">{words.does}</th>
            <th scope="col">{words.done}</th>
            <th scope="col">{words.time}</th>
          </tr>
        </thead>
        <tbody>
          {families.map(({ family, part, done, secondsAClip }) => (
            <tr key={`${part} ${family}`}>
              <th scope="row">{family}</th>
              <td>{words.parts[part]}</td>
              <td>
                <span
                  className="share"
                  style={{ width: `${total === 0 ? 0 : (done / total) * 100}%` }}
                  aria-hidden="true"
                />
                {say.counts.of(say.number(done), say.number(total))}
              </td>
              <td>{secondsAClip === null ? '–' : cost(secondsAClip)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="hint">{words.hint}</p>
    </div>
  );
}
