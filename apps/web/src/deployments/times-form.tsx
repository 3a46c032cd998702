import { useEffect, useState } from 'react';
import type { StampProposals } from '@primatrix/review-api';
import { baseName, count, moment } from '../shell/words.ts';
import type { PartProps } from './part-props.ts';
import { deploymentsApi } from './deployments-api.ts';

const askEveryMs = 700;
const shown = 8;

/** Times from the stamps in the pictures, or from the dates of the files: proposed, and taken over where somebody says so. */
export function TimesForm({ deployment, onChange }: PartProps) {
  const [stamps, setStamps] = useState<StampProposals | null>(null);
  const [trouble, setTrouble] = useState('');
  const { site, timeless } = deployment;
  const mine = stamps !== null && stamps.state !== 'none' && stamps.site === site ? stamps : null;
  useEffect(() => {
    const ask = () => deploymentsApi.stamps().then(setStamps, (error: Error) => setTrouble(error.message));
    void ask();
    const timer = setInterval(() => void ask(), askEveryMs);
    return () => clearInterval(timer);
  }, []);
  const read = mine?.proposals.filter(({ stamp }) => stamp !== null) ?? [];
  const differ = read.filter(({ stamp, now }) => stamp !== now);
  const missing = read.filter(({ now }) => now === null);
  const take = (some: typeof read) =>
    onChange(
      { does: 'stamps', times: some.map(({ id, stamp }) => ({ id, capturedAt: stamp ?? '' })) },
      'Times of the stamps saved',
    );
  return (
    <div className="asked">
      <h3>From the stamp in the picture</h3>
      <p className="hint">
        Reads what the camera has written across the top or bottom of its pictures. Nothing changes before you say so.
      </p>
      <button
        type="button"
        disabled={mine?.state === 'reading'}
        onClick={() =>
          void deploymentsApi.readStamps(site).then(setStamps, (error: Error) => setTrouble(error.message))
        }
      >
        Read the stamps
      </button>
      {mine !== null && (
        <p role="status">
          {mine.state === 'reading'
            ? `Reading ${mine.done.toLocaleString('en')} of ${count(mine.of, 'clip')}…`
            : `${count(read.length, 'stamp')} read in ${count(mine.done, 'clip')}; ${differ.length.toLocaleString('en')} differ from the time known.`}
        </p>
      )}
      {mine?.trouble != null && <p className="trouble">{mine.trouble}</p>}
      {differ.length > 0 && (
        <>
          <table aria-label="Times that stamps show">
            <thead>
              <tr>
                <th scope="col">Clip</th>
                <th scope="col">Known</th>
                <th scope="col">Stamp</th>
              </tr>
            </thead>
            <tbody>
              {differ.slice(0, shown).map(({ id, filename, now, stamp }) => (
                <tr key={id}>
                  <td>{baseName(filename)}</td>
                  <td>{now === null ? '–' : moment(now)}</td>
                  <td>{moment(stamp ?? '')}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {differ.length > shown && <p className="hint">and {(differ.length - shown).toLocaleString('en')} more</p>}
          <div className="row">
            <button type="button" disabled={missing.length === 0} onClick={() => take(missing)}>
              Use for {count(missing.length, 'clip')} without a time
            </button>
            <button type="button" onClick={() => take(differ)}>
              Use for all {differ.length.toLocaleString('en')} that differ
            </button>
          </div>
        </>
      )}
      <h3>From the date of the file</h3>
      <p className="hint">
        The last resort: copies and downloads change it. Such times are marked here and in exports.
      </p>
      <button
        type="button"
        disabled={timeless === 0}
        onClick={() => onChange({ does: 'file-dates' }, 'Times are the files’ dates')}
      >
        Use it for {count(timeless, 'clip')} without a time
      </button>
      {trouble !== '' && <p className="trouble">{trouble}</p>}
    </div>
  );
}
