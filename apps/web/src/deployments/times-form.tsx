import { useEffect, useState } from 'react';
import type { StampProposals } from '@primatrix/review-api';
import { say } from '../language/language.ts';
import { baseName } from '../shell/words.ts';
import type { PartProps } from './part-props.ts';
import { deploymentsApi } from './deployments-api.ts';

const askEveryMs = 700;
const shown = 8;

/** Times from the stamps in the pictures, or from the dates of the files: proposed, and taken over where somebody says so. */
export function TimesForm({ deployment, onChange }: PartProps) {
  const [stamps, setStamps] = useState<StampProposals | null>(null);
  const [trouble, setTrouble] = useState('');
  const { site, timeless } = deployment;
  const words = say.deployments.times;
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
      words.stampsSaved,
    );
  return (
    <div className="asked">
      <h3>{words.fromStamp}</h3>
      <p className="hint">{words.stampHint}</p>
      <button
        type="button"
        disabled={mine?.state === 'reading'}
        onClick={() =>
          void deploymentsApi.readStamps(site).then(setStamps, (error: Error) => setTrouble(error.message))
        }
      >
        {words.read}
      </button>
      {mine !== null && (
        <p role="status">
          {mine.state === 'reading'
            ? words.reading(say.number(mine.done), say.counts.clips(mine.of))
            : words.found(read.length, say.counts.clips(mine.done), say.number(differ.length))}
        </p>
      )}
      {mine?.trouble != null && <p className="trouble">{mine.trouble}</p>}
      {differ.length > 0 && (
        <>
          <table aria-label={words.table}>
            <thead>
              <tr>
                <th scope="col">{words.clip}</th>
                <th scope="col">{words.known}</th>
                <th scope="col">{words.stamp}</th>
              </tr>
            </thead>
            <tbody>
              {differ.slice(0, shown).map(({ id, filename, now, stamp }) => (
                <tr key={id}>
                  <td>{baseName(filename)}</td>
                  <td>{now === null ? '–' : say.moment(now)}</td>
                  <td>{say.moment(stamp ?? '')}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {differ.length > shown && <p className="hint">{say.counts.more(say.number(differ.length - shown))}</p>}
          <div className="row">
            <button type="button" disabled={missing.length === 0} onClick={() => take(missing)}>
              {words.useForTimeless(missing.length)}
            </button>
            <button type="button" onClick={() => take(differ)}>
              {words.useForAll(say.number(differ.length))}
            </button>
          </div>
        </>
      )}
      <h3>{words.fromFile}</h3>
      <p className="hint">{words.fileHint}</p>
      <button
        type="button"
        disabled={timeless === 0}
        onClick={() => onChange({ does: 'file-dates' }, words.fileDatesSaved)}
      >
        {words.useFileDate(timeless)}
      </button>
      {trouble !== '' && <p className="trouble">{trouble}</p>}
    </div>
  );
}
