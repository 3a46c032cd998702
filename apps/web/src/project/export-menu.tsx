import { useState } from 'react';
import type { Project } from '@primatrix/review-api';
import { exportOf } from '../shell/api.ts';
import { CamtrapDialog } from './camtrap-dialog.tsx';
import { say } from '../language/language.ts';

/** What can be taken along: of the clips that the filters let through, or of all. */
export function ExportMenu({ filter, project }: { readonly filter: string; readonly project: Project }) {
  const [camtrap, setCamtrap] = useState(false);
  const words = say.project.exports;
  const query = new URLSearchParams(filter);
  for (const name of ['sort', 'descending', 'open']) query.delete(name);
  const filtered = query.size > Number(query.has('events'));
  return (
    <>
      <details className="menu">
        <summary className="button">{words.title}</summary>
        <ul>
          {Object.entries(words.files).map(([name, says]) => (
            <li key={name}>
              <a href={exportOf(name, '')} download={name}>
                {name}
              </a>{' '}
              {filtered && (
                <a href={exportOf(name, query.toString())} download={name} aria-label={words.filteredOf(name)}>
                  {words.filtered}
                </a>
              )}
              <span className="hint">{says}</span>
            </li>
          ))}
          <li>
            <button type="button" className="link" onClick={() => setCamtrap(true)}>
              {'camtrap-dp.zip…'}
            </button>
            <span className="hint">{words.camtrap}</span>
          </li>
        </ul>
      </details>
      {camtrap && <CamtrapDialog project={project} filter={query.toString()} onClose={() => setCamtrap(false)} />}
    </>
  );
}
