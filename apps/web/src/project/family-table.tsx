import type { Progress } from '@primatrix/review-api';
import { cost } from '../shell/words.ts';

const kinds = { ingest: 'reads the clip', features: 'features', nets: 'net', 'second-level': 'second level' } as const;

/** How far each family of the bundle is, and what it costs a clip. */
export function FamilyTable({ families, total }: Pick<Progress, 'families' | 'total'>) {
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label="Progress by family">
      <table className="families">
        <thead>
          <tr>
            <th scope="col">Family</th>
            <th scope="col">Does</th>
            <th scope="col">Clips done</th>
            <th scope="col">Time per clip</th>
          </tr>
        </thead>
        <tbody>
          {families.map(({ family, part, done, secondsAClip }) => (
            <tr key={`${part} ${family}`}>
              <th scope="row">{family}</th>
              <td>{kinds[part]}</td>
              <td>
                <span
                  className="share"
                  style={{ width: `${total === 0 ? 0 : (done / total) * 100}%` }}
                  aria-hidden="true"
                />
                {done.toLocaleString('en')} of {total.toLocaleString('en')}
              </td>
              <td>{secondsAClip === null ? '–' : cost(secondsAClip)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="hint">
        Time per clip: the median of the last clips. The second level runs over all clips of a site, once no clip is
        waiting.
      </p>
    </div>
  );
}
