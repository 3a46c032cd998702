import { useState } from 'react';
import type { Progress } from '@primatrix/review-api';
import { FamilyTable } from './family-table.tsx';
import { percent, rate, timeLeft } from '../shell/words.ts';
import { say } from '../language/language.ts';

/** How far prediction is, with the time left; opened, by family. */
export function ProgressStrip({ progress, connected }: { readonly progress: Progress; readonly connected: boolean }) {
  const { stage, total, done, failed, secondsLeft, clipsAMinute, current, waitsFor, trouble } = progress;
  const words = say.project.progress;
  const [open, setOpen] = useState(() => localStorage.getItem(openKey) === 'true');
  if (!connected) {
    return (
      <p className="strip trouble" role="alert">
        {words.noAnswer}
      </p>
    );
  }
  const toggle = () => {
    localStorage.setItem(openKey, String(!open));
    setOpen(!open);
  };
  const more = total > 0 && progress.families.length > 0 && (
    <button type="button" className="more" aria-expanded={open} onClick={toggle}>
      {open ? words.hideFamilies : words.byFamily}
    </button>
  );
  const families = open && total > 0 && progress.families.length > 0 && <FamilyTable {...progress} />;
  const lost = failed > 0 ? `, ${words.failed(say.number(failed))}` : '';
  if (trouble !== null) {
    return (
      <div className="strip trouble">
        <p role="alert">{words.stopped(trouble)}</p>
        {more}
        {families}
      </div>
    );
  }
  if (stage === 'idle') {
    return (
      <div className="strip">
        <p role="status">
          {say.counts.clips(total)}
          {total > 0 ? `, ${words.allPredicted}` : ''}
          {lost}
        </p>
        {more}
        {families}
      </div>
    );
  }
  const share = total === 0 ? 0 : done / total;
  return (
    <div className="strip">
      <progress max={total} value={done} aria-label={words.progress} />
      <p>
        <strong>{percent(share)}</strong> {words.doing(words.stages[stage], say.number(done), say.counts.clips(total))}
        {lost}
        {clipsAMinute !== null && `, ${words.perMinute(rate(clipsAMinute))}`}
        {secondsLeft !== null && secondsLeft > 0 && `, ${timeLeft(secondsLeft)}`}
      </p>
      {more}
      {waitsFor !== null && <p role="status">{words.waiting(waitsFor)}</p>}
      {current !== null && (
        <span className="current" title={current}>
          {current}
        </span>
      )}
      {/* Said aloud at every tenth only: numbers change several times a second. */}
      <p className="hidden" role="status">
        {words.stages[stage]} {percent(Math.floor(share * 10) / 10)}
      </p>
      {families}
    </div>
  );
}

const openKey = 'primatrix-families';
