import { useState } from 'react';
import type { Project } from '@primatrix/review-api';
import { exportOf } from '../shell/api.ts';
import { CamtrapDialog } from './camtrap-dialog.tsx';

const files = [
  ['train_labels.csv', 'Labels of reviewed clips, for the next training'],
  ['observations.csv', 'What each clip shows: species, counts, behaviour, who decided'],
  ['clips.csv', 'Site, time and place of each clip'],
  ['deployments.csv', 'Sites: clips, first and last time, place, time zone'],
  ['predictions.csv', 'Probabilities of all species'],
  ['predictions.json', 'Predictions with boxes, for primatrix export: share clips with people blurred'],
  ['review.csv', 'Predictions and decisions side by side'],
  ['megadetector.json', 'Predictions and decisions for Timelapse (MegaDetector results)'],
  ['coco-camera-traps.json', 'Predictions and decisions as COCO Camera Traps'],
] as const;

/** What can be taken along: of the clips that the filters let through, or of all. */
export function ExportMenu({ filter, project }: { readonly filter: string; readonly project: Project }) {
  const [camtrap, setCamtrap] = useState(false);
  const query = new URLSearchParams(filter);
  for (const name of ['sort', 'descending', 'open']) query.delete(name);
  const filtered = query.size > Number(query.has('events'));
  return (
    <>
      <details className="menu">
        <summary className="button">Export</summary>
        <ul>
          {files.map(([name, says]) => (
            <li key={name}>
              <a href={exportOf(name, '')} download={name}>
                {name}
              </a>{' '}
              {filtered && (
                <a href={exportOf(name, query.toString())} download={name} aria-label={`${name} of the filtered clips`}>
                  filtered
                </a>
              )}
              <span className="hint">{says}</span>
            </li>
          ))}
          <li>
            <button type="button" className="link" onClick={() => setCamtrap(true)}>
              camtrap-dp.zip…
            </button>
            <span className="hint">Camtrap DP data package, with people's decisions as human observations</span>
          </li>
        </ul>
      </details>
      {camtrap && <CamtrapDialog project={project} filter={query.toString()} onClose={() => setCamtrap(false)} />}
    </>
  );
}
