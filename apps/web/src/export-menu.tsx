import { exportOf } from './api.ts';

const files = [
  ['train_labels.csv', 'Labels of reviewed clips, for the next training'],
  ['clips.csv', 'Sites and times'],
  ['predictions.csv', 'Probabilities of all species'],
  ['review.csv', 'Predictions and decisions side by side'],
  ['megadetector.json', 'Predictions for Timelapse (MegaDetector results)'],
  ['coco-camera-traps.json', 'Predictions as COCO Camera Traps'],
] as const;

/** What can be taken along: of the clips that the filters let through, or of all. */
export function ExportMenu({ filter }: { readonly filter: string }) {
  const query = new URLSearchParams(filter);
  for (const name of ['sort', 'descending']) query.delete(name);
  const filtered = query.size > 0;
  return (
    <details className="menu">
      <summary className="button">Export</summary>
      <ul>
        {files.map(([name, says]) => (
          <li key={name}>
            <a href={exportOf(name, '')} download={name}>{name}</a> {filtered && <a href={exportOf(name, query.toString())} download={name} aria-label={`${name} of the filtered clips`}>filtered</a>}
            <span className="hint">{says}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
