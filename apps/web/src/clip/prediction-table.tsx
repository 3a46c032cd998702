import { useState } from 'react';
import type { ClipDetail, Project } from '@primatrix/review-api';
import { percent, speciesName } from '../shell/words.ts';
import { say } from '../language/language.ts';

const shown = 6;

/** What each model and the ensemble predict, the most probable species first. */
export function PredictionTable({ clip, project }: { readonly clip: ClipDetail; readonly project: Project }) {
  const [all, setAll] = useState(false);
  const { probabilities, members } = clip;
  if (probabilities === null) return null;
  const words = say.clip.predictions;
  const names = Object.keys(members);
  const columns = [
    {
      name: names.length === 0 ? words.model : clip.state === 'provisional' ? words.meanOfModels : words.ensemble,
      kind: '',
      values: probabilities,
    },
    ...[
      ...project.nets.filter((name) => names.includes(name)),
      ...names.filter((name) => !project.nets.includes(name)).sort(),
    ].map((name) => ({
      name: name.replace(/^(net|stack)-/, ''),
      kind: project.nets.includes(name) ? words.net : words.stacker,
      values: members[name] ?? [],
    })),
  ];
  const rows = project.classes
    .map((species, c) => ({ species, c }))
    .sort((a, b) => (probabilities[b.c] ?? 0) - (probabilities[a.c] ?? 0));
  return (
    <section className="predictions">
      <h3 id="predictions">{words.title}</h3>
      <div className="scroll" tabIndex={0} role="region" aria-labelledby="predictions">
        <table>
          <thead>
            <tr>
              <th scope="col">{words.species}</th>
              {columns.map(({ name, kind }) => (
                <th scope="col" key={name}>
                  {name}
                  <span className="hint">{kind}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(all ? rows : rows.slice(0, shown)).map(({ species, c }) => (
              <tr key={species}>
                <th scope="row">{speciesName(species)}</th>
                {columns.map(({ name, values }) => (
                  <td key={name}>
                    <span className="share" style={{ width: `${(values[c] ?? 0) * 100}%` }} aria-hidden="true" />
                    {percent(values[c] ?? 0)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown && (
        <button type="button" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? words.fewer : words.all(rows.length)}
        </button>
      )}
    </section>
  );
}
