import { useEffect, useRef } from 'react';
import type { Refit } from '@primatrix/review-api';
import { RefitScores } from './refit-scores.tsx';
import type { LiveRefit } from './use-refit.ts';
import { count, moment, percent } from '../shell/words.ts';

interface RefitPanelProps {
  readonly live: LiveRefit & { readonly refit: Refit };
  readonly onClose: () => void;
}

/** The second level is fitted again with what people said: what it will learn from, how far it is, and whether it is worth using. */
export function RefitPanel({ live: { refit, refused, ask }, onClose }: RefitPanelProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const pressed = useRef(true);
  const { stage, impossible, corrections, since, done, note, trouble, result, inUse } = refit;
  // What was pressed is gone with its stage: the focus stays in the panel. Who is elsewhere meanwhile is left there.
  useEffect(() => {
    if (pressed.current) heading.current?.focus({ preventScroll: true });
    pressed.current = false;
  }, [stage]);
  const press = (wish: 'start' | 'stop' | 'use' | 'drop') => {
    pressed.current = true;
    void ask(wish);
  };
  return (
    <section className="add refit" aria-labelledby="refit">
      <div className="head">
        <h2 id="refit" ref={heading} tabIndex={-1}>
          Re-fit with corrections
        </h2>
        <button type="button" onClick={onClose} aria-label="Close">
          ×
        </button>
      </div>
      <p className="hint">
        Fits stackers and ensemble again, to the training's clips and to those that were decided here. Nets stay as they
        are, and no clip is decoded. Nothing changes before you say “Use it”.
      </p>
      {impossible !== null ? (
        <p className="trouble" role="alert">
          It cannot be done here: {impossible}
        </p>
      ) : (
        <p>{countsOf(refit)}</p>
      )}
      {inUse !== null && (
        <p>
          The re-fit of {moment(inUse.at)} with {count(inUse.corrections, 'correction')} predicts.
        </p>
      )}
      {trouble !== null && (
        <p className="trouble" role="alert">
          The last re-fit has failed: {trouble}
        </p>
      )}
      {refused !== '' && (
        <p className="trouble" role="alert">
          {refused}
        </p>
      )}
      {stage === 'running' && (
        <div className="row">
          <progress max={1} value={done} aria-label="Re-fit" />
          <span role="status">{percent(done)}</span>
          <span className="current hint">{note}</span>
          <button type="button" onClick={() => press('stop')}>
            Stop
          </button>
        </div>
      )}
      {stage === 'done' && result !== null && (
        <>
          <RefitScores result={result} />
          <div className="row">
            <button type="button" className="primary" onClick={() => press('use')}>
              Use it
            </button>
            <button type="button" onClick={() => press('drop')}>
              Keep the old one
            </button>
          </div>
        </>
      )}
      {(stage === 'idle' || stage === 'failed') && impossible === null && (
        <button
          type="button"
          className={inUse !== null && since === 0 ? '' : 'primary'}
          disabled={corrections === 0}
          onClick={() => press('start')}
        >
          {corrections === 0 ? 'Re-fit' : `Re-fit with ${count(corrections, 'correction')}`}
        </button>
      )}
    </section>
  );
}

function countsOf({ corrections, since, leftOut, inUse }: Refit): string {
  const { unsure, unknown, unread } = leftOut;
  const left = [
    ...(unsure > 0 ? [`${unsure} unsure`] : []),
    ...(unknown > 0 ? [`${unknown} of a species that only a new training can learn`] : []),
    ...(unread > 0 ? [`${unread} that no net has looked at`] : []),
  ];
  const clips =
    corrections === 0
      ? 'No reviewed clip to learn from yet: accept, correct or mark clips blank first.'
      : `${count(corrections, 'reviewed clip')} to learn from${inUse === null ? '' : `, ${since} of them since the last re-fit`}.`;
  return `${clips}${left.length > 0 ? ` Left out: ${left.join(', ')}.` : ''}`;
}
