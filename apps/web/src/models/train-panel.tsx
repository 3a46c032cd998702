import { useState } from 'react';
import { type OwnModels, type TrainingEffort } from '@primatrix/review-api';
import { modelsApi } from './models-api.ts';
import type { LiveModels } from './use-models.ts';
import { count, percent, timeLeft } from '../shell/words.ts';

const efforts: readonly (readonly [TrainingEffort, string])[] = [
  ['quick', 'Quick: one net'],
  ['thorough', 'Thorough: all nets of a laptop, several times as long'],
];

/** Training a model of one's own: from which clips, what would make it better, and how far it is. */
export function TrainPanel({ models, ask }: { readonly models: OwnModels } & Pick<LiveModels, 'ask'>) {
  const [effort, setEffort] = useState<TrainingEffort>('quick');
  const { clips, impossible, advice, stage, done, note, stages, secondsLeft, trouble } = models;
  return (
    <section aria-labelledby="train">
      <h3 id="train">Train my model</h3>
      <p>
        {clips.clips === 0
          ? 'No reviewed clip yet.'
          : `${count(clips.clips, 'reviewed clip')}: ${clips.species.map((one) => `${one.species} ${one.clips}`).join(', ')}. ${count(clips.sites, 'site')}.`}
      </p>
      {impossible !== null ? (
        <p className="hint">Not yet: {impossible}.</p>
      ) : (
        advice.length > 0 && (
          <ul className="hint">
            {advice.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        )
      )}
      {trouble !== null && (
        <p className="trouble" role="alert">
          The last training failed: {trouble}
        </p>
      )}
      {stage === 'running' ? (
        <>
          <div className="row">
            <progress max={1} value={done} aria-label="Training" />
            <span role="status">
              {percent(done)}
              {secondsLeft === null ? '' : `, ${timeLeft(secondsLeft)}`}
            </span>
            <button type="button" onClick={() => void ask(modelsApi.stop)}>
              Stop
            </button>
          </div>
          <p className="hint current">
            Step {Math.min(stages.all, stages.done + 1)} of {stages.all}: {note}
          </p>
          <p className="hint">You can go on reviewing, or close Primatrix: the training goes on at the next start.</p>
        </>
      ) : (
        <div className="row">
          <select
            aria-label="How much is trained"
            value={effort}
            onChange={(event) => setEffort(event.target.value as TrainingEffort)}
          >
            {efforts.map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
          <button type="button" disabled={impossible !== null} onClick={() => void ask(() => modelsApi.train(effort))}>
            Train my model
          </button>
        </div>
      )}
    </section>
  );
}
