import { useState } from 'react';
import type { OwnModels, TrainingEffort } from '@primatrix/review-api';
import { modelsApi } from './models-api.ts';
import type { LiveModels } from './use-models.ts';
import { say } from '../language/language.ts';
import { percent, speciesName, timeLeft } from '../shell/words.ts';

/** Training a model of one's own: from which clips, what would make it better, and how far it is. */
export function TrainPanel({ models, ask }: { readonly models: OwnModels } & Pick<LiveModels, 'ask'>) {
  const [effort, setEffort] = useState<TrainingEffort>('quick');
  const { clips, impossible, advice, stage, done, note, stages, secondsLeft, trouble } = models;
  const words = say.models.training;
  return (
    <section aria-labelledby="train">
      <h3 id="train">{words.title}</h3>
      <p>
        {clips.clips === 0
          ? words.none
          : words.clips(
              clips.clips,
              clips.species.map((one) => `${speciesName(one.species)} ${one.clips}`).join(', '),
              clips.sites,
            )}
      </p>
      {impossible !== null ? (
        <p className="hint">{words.impossible(impossible)}</p>
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
          {words.failed(trouble)}
        </p>
      )}
      {stage === 'running' ? (
        <>
          <div className="row">
            <progress max={1} value={done} aria-label={words.progress} />
            <span role="status">
              {percent(done)}
              {secondsLeft === null ? '' : `, ${timeLeft(secondsLeft)}`}
            </span>
            <button type="button" onClick={() => void ask(modelsApi.stop)}>
              {words.stop}
            </button>
          </div>
          <p className="hint current">{words.step(Math.min(stages.all, stages.done + 1), stages.all, note)}</p>
          <p className="hint">{words.goOn}</p>
        </>
      ) : (
        <div className="row">
          <select
            aria-label={words.effort}
            value={effort}
            onChange={(event) => setEffort(event.target.value as TrainingEffort)}
          >
            {Object.entries(words.efforts).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
          <button type="button" disabled={impossible !== null} onClick={() => void ask(() => modelsApi.train(effort))}>
            {words.title}
          </button>
        </div>
      )}
    </section>
  );
}
