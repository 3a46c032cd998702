import { useEffect, useRef } from 'react';
import type { Refit } from '@primatrix/review-api';
import { RefitScores } from './refit-scores.tsx';
import type { LiveRefit } from './use-refit.ts';
import { say } from '../language/language.ts';
import { percent } from '../shell/words.ts';

interface RefitPanelProps {
  readonly live: LiveRefit & { readonly refit: Refit };
}

/** The second level is fitted again with what people said: what it will learn from, how far it is, and whether it is worth using. */
export function RefitPanel({ live: { refit, refused, ask } }: RefitPanelProps) {
  const words = say.refit;
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
        {words.title}
      </h3>
      <p className="hint">{words.hint}</p>
      {impossible !== null ? (
        <p className="trouble" role="alert">
          {words.impossible(impossible)}
        </p>
      ) : (
        <p>{countsOf(refit)}</p>
      )}
      {inUse !== null && <p>{words.inUse(say.moment(inUse.at), inUse.corrections)}</p>}
      {trouble !== null && (
        <p className="trouble" role="alert">
          {words.failed(trouble)}
        </p>
      )}
      {refused !== '' && (
        <p className="trouble" role="alert">
          {refused}
        </p>
      )}
      {stage === 'running' && (
        <div className="row">
          <progress max={1} value={done} aria-label={words.progress} />
          <span role="status">{percent(done)}</span>
          <span className="current hint">{note}</span>
          <button type="button" onClick={() => press('stop')}>
            {words.stop}
          </button>
        </div>
      )}
      {stage === 'done' && result !== null && (
        <>
          <RefitScores result={result} />
          <div className="row">
            <button type="button" className="primary" onClick={() => press('use')}>
              {words.use}
            </button>
            <button type="button" onClick={() => press('drop')}>
              {words.drop}
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
          {corrections === 0 ? say.models.button.retrain : say.models.button.retrainWith(corrections)}
        </button>
      )}
    </section>
  );
}

function countsOf({ corrections, since, leftOut, inUse }: Refit): string {
  const words = say.refit;
  const { unsure, unknown, unread } = leftOut;
  const left = [
    ...(unsure > 0 ? [words.unsure(unsure)] : []),
    ...(unknown > 0 ? [words.unknown(unknown)] : []),
    ...(unread > 0 ? [words.unread(unread)] : []),
  ];
  const clips =
    corrections === 0
      ? words.none
      : inUse === null
        ? words.toLearn(corrections)
        : words.toLearnSince(corrections, since);
  return left.length > 0 ? `${clips} ${words.leftOut(left.join(', '))}` : clips;
}
