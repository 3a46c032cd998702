import { useEffect, useRef } from 'react';
import type { Refit } from '@primatrix/review-api';
import { RefitScores } from './refit-scores.tsx';
import type { LiveRefit } from './use-refit.ts';
import { count, moment, percent } from '../shell/words.ts';

interface RefitPanelProps {
  readonly live: LiveRefit & { readonly refit: Refit };
}

/** The second level is fitted again with what people said: what it will learn from, how far it is, and whether it is worth using. */
export function RefitPanel({ live: { refit, refused, ask } }: RefitPanelProps) {
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
    <section className="refit" aria-labelledby="refit">
      <h3 id="refit" ref={heading} tabIndex={-1}>
        Retrain with your reviews
      </h3>
      <p className="hint">
        Teach the model from your reviews. It takes about a minute; nothing changes until you choose “Use new model”.
      </p>
      {impossible !== null ? (
        <p className="trouble" role="alert">
          Retraining is not possible here: {impossible}
        </p>
      ) : (
        <p>{countsOf(refit)}</p>
      )}
      {inUse !== null && (
        <p>
          In use: the model retrained on {moment(inUse.at)} with {count(inUse.corrections, 'reviewed clip')}.
        </p>
      )}
      {trouble !== null && (
        <p className="trouble" role="alert">
          The last retraining failed: {trouble}
        </p>
      )}
      {refused !== '' && (
        <p className="trouble" role="alert">
          {refused}
        </p>
      )}
      {stage === 'running' && (
        <div className="row">
          <progress max={1} value={done} aria-label="Retraining" />
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
              Use new model
            </button>
            <button type="button" onClick={() => press('drop')}>
              Keep the old model
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
          {corrections === 0 ? 'Retrain' : `Retrain with ${count(corrections, 'reviewed clip')}`}
        </button>
      )}
    </section>
  );
}

function countsOf({ corrections, since, leftOut, inUse }: Refit): string {
  const { unsure, unknown, unread } = leftOut;
  const left = [
    ...(unsure > 0 ? [`${unsure} unsure`] : []),
    ...(unknown > 0 ? [`${unknown} of a species that the model does not know: only a new training can learn it`] : []),
    ...(unread > 0 ? [`${unread} not analysed yet`] : []),
  ];
  const clips =
    corrections === 0
      ? 'No reviewed clip to learn from yet: accept, correct or mark clips blank first.'
      : `${count(corrections, 'reviewed clip')} to learn from${inUse === null ? '' : `, ${since} of them since the last retraining`}.`;
  return `${clips}${left.length > 0 ? ` Left out: ${left.join(', ')}.` : ''}`;
}
