import { useState } from 'react';
import type { Progress } from '@primatrix/review-api';
import { FamilyTable } from './family-table.tsx';
import { count, percent, rate, timeLeft } from '../shell/words.ts';

const stages = {
  idle: '',
  starting: 'Opening the model…',
  nets: 'Analysing',
  ensemble: 'Combining predictions of all clips…',
  stopped: 'Prediction has stopped',
} as const;

/** How far prediction is, with the time left; opened, by family. */
export function ProgressStrip({ progress, connected }: { readonly progress: Progress; readonly connected: boolean }) {
  const { stage, total, done, failed, secondsLeft, clipsAMinute, current, waitsFor, trouble } = progress;
  const [open, setOpen] = useState(() => localStorage.getItem(openKey) === 'true');
  if (!connected) {
    return (
      <p className="strip trouble" role="alert">
        The gateway does not answer; trying again…
      </p>
    );
  }
  const toggle = () => {
    localStorage.setItem(openKey, String(!open));
    setOpen(!open);
  };
  const more = total > 0 && progress.families.length > 0 && (
    <button type="button" className="more" aria-expanded={open} onClick={toggle}>
      {open ? 'Hide families' : 'By family'}
    </button>
  );
  const families = open && total > 0 && progress.families.length > 0 && <FamilyTable {...progress} />;
  const lost = failed > 0 ? `, ${failed.toLocaleString('en')} failed` : '';
  if (trouble !== null) {
    return (
      <div className="strip trouble">
        <p role="alert">
          {stages.stopped}: {trouble}
        </p>
        {more}
        {families}
      </div>
    );
  }
  if (stage === 'idle') {
    return (
      <div className="strip">
        <p role="status">
          {count(total, 'clip')}
          {total > 0 ? ', all predicted' : ''}
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
      <progress max={total} value={done} aria-label="Clips predicted" />
      <p>
        <strong>{percent(share)}</strong> {stages[stage]}: {done.toLocaleString('en')} of {count(total, 'clip')}
        {lost}
        {clipsAMinute !== null && `, ${rate(clipsAMinute)} per minute`}
        {secondsLeft !== null && secondsLeft > 0 && `, ${timeLeft(secondsLeft)}`}
      </p>
      {more}
      {waitsFor !== null && <p role="status">Waiting for {waitsFor}</p>}
      {current !== null && (
        <span className="current" title={current}>
          {current}
        </span>
      )}
      {/* Said aloud at every tenth only: numbers change several times a second. */}
      <p className="hidden" role="status">
        {stages[stage]} {Math.floor(share * 10) * 10} %
      </p>
      {families}
    </div>
  );
}

const openKey = 'primatrix-families';
