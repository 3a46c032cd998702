import { useEffect, useState } from 'react';
import type { DeploymentChange, DeploymentChanged } from '@primatrix/review-api';
import { say } from '../language/language.ts';
import { baseName, duration } from '../shell/words.ts';
import type { PartProps } from './part-props.ts';
import { deploymentsApi } from './deployments-api.ts';

/** Puts right a clock that was wrong: one moment whose true time is known says by how much. */
export function ClockForm({ deployment: { site, first }, onChange }: PartProps) {
  const words = say.deployments.clock;
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
  if (first === null) return <p className="hint">{words.none}</p>;
  const time = duration(Math.abs(seconds));
  const by = seconds < 0 ? words.earlier(time) : words.later(time);
  return (
    <form
      className="asked"
      onSubmit={(event) => {
        event.preventDefault();
        if (change !== null) onChange(change, words.done(by));
      }}
    >
      <p className="hint">{words.hint}</p>
      <label>
        {words.showed}
        <input type="datetime-local" step={1} required value={showed} onChange={(e) => setShowed(e.target.value)} />
      </label>
      <label>
        {words.really}
        <input type="datetime-local" step={1} required value={really} onChange={(e) => setReally(e.target.value)} />
      </label>
      {preview !== null && (
        <table aria-label={words.preview}>
          <thead>
            <tr>
              <th scope="col">{words.clip}</th>
              <th scope="col">{words.now}</th>
              <th scope="col">{words.then}</th>
            </tr>
          </thead>
          <tbody>
            {preview.examples.map(({ filename, before, after }) => (
              <tr key={filename}>
                <td>{baseName(filename)}</td>
                <td>{before === null ? '–' : say.moment(before)}</td>
                <td>{after === null ? '–' : say.moment(after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {preview !== null && (
        <p role="status">
          {words.will(preview.changed, by)} {preview.passed > 0 && words.passed(preview.passed)}
        </p>
      )}
      {trouble !== '' && <p className="trouble">{trouble}</p>}
      <button type="submit" className="primary" disabled={preview === null || preview.changed === 0}>
        {words.shift}
      </button>
    </form>
  );
}
