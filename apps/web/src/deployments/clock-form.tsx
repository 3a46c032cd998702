import { useEffect, useState } from 'react';
import type { DeploymentChange, DeploymentChanged } from '@primatrix/review-api';
import { baseName, count, duration, moment } from '../shell/words.ts';
import type { PartProps } from './part-props.ts';
import { deploymentsApi } from './deployments-api.ts';

/** Puts right a clock that was wrong: one moment whose true time is known says by how much. */
export function ClockForm({ deployment: { site, first }, onChange }: PartProps) {
  const [showed, setShowed] = useState(first ?? '');
  const [really, setReally] = useState(first ?? '');
  const [preview, setPreview] = useState<DeploymentChanged | null>(null);
  const [trouble, setTrouble] = useState('');
  const seconds = Math.round((Date.parse(`${really}Z`) - Date.parse(`${showed}Z`)) / 1000);
  const change: DeploymentChange | null = Number.isNaN(seconds) || seconds === 0 ? null : { does: 'clock', seconds };
  useEffect(() => {
    setPreview(null);
    if (Number.isNaN(seconds) || seconds === 0) return;
    let here = true;
    deploymentsApi.preview(site, { does: 'clock', seconds }).then(
      (looked) => {
        if (here) setPreview(looked);
        setTrouble('');
      },
      (error: Error) => setTrouble(error.message),
    );
    return () => void (here = false);
  }, [site, seconds]);
  if (first === null) return <p className="hint">No clip of this site has a time that could be shifted.</p>;
  const by = `${duration(Math.abs(seconds))} ${seconds < 0 ? 'earlier' : 'later'}`;
  return (
    <form
      className="asked"
      onSubmit={(event) => {
        event.preventDefault();
        if (change !== null) onChange(change, `Times are ${by}`);
      }}
    >
      <p className="hint">Give one moment whose true time you know: all times of this site move by the difference.</p>
      <label>
        The camera showed
        <input type="datetime-local" step={1} required value={showed} onChange={(e) => setShowed(e.target.value)} />
      </label>
      <label>
        It really was
        <input type="datetime-local" step={1} required value={really} onChange={(e) => setReally(e.target.value)} />
      </label>
      {preview !== null && (
        <table aria-label="What changes">
          <thead>
            <tr>
              <th scope="col">Clip</th>
              <th scope="col">Now</th>
              <th scope="col">Then</th>
            </tr>
          </thead>
          <tbody>
            {preview.examples.map(({ filename, before, after }) => (
              <tr key={filename}>
                <td>{baseName(filename)}</td>
                <td>{moment(before ?? '–')}</td>
                <td>{moment(after ?? '–')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {preview !== null && (
        <p role="status">
          {count(preview.changed, 'clip')} will be {by}.
          {preview.passed > 0 && ` ${count(preview.passed, 'clip')} without a time of day will not change.`}
        </p>
      )}
      {trouble !== '' && <p className="trouble">{trouble}</p>}
      <button type="submit" className="primary" disabled={preview === null || preview.changed === 0}>
        Shift times
      </button>
    </form>
  );
}
