import { useState } from 'react';
import type { OwnModels, TrainingAdvice, TrainingClips, TrainingEffort, TrainingLack } from '@primatrix/review-api';
import { modelsApi } from './models-api.ts';
import type { LiveModels } from './use-models.ts';
import { say } from '../language/language.ts';
import { percent, speciesName, timeLeft } from '../shell/words.ts';

/** Training a model of one's own: from which clips, what would make it better, and how far it is. */
export function TrainPanel({ models, ask }: { readonly models: OwnModels } & Pick<LiveModels, 'ask'>) {
  const [effort, setEffort] = useState<TrainingEffort>('quick');
  const { clips, impossible, advice, stage, done, at, stages, secondsLeft, trouble } = models;
  const words = say.models.training;
  return (
    <section aria-labelledby="train">
      <h3 id="train">{words.title}</h3>
      <p>
        {clips.clips === 0
          ? words.none
          : words.clips(
              clips.clips,
              clips.species.map((one) => `${speciesName(one.species)} ${say.number(one.clips)}`).join(', '),
              clips.sites,
            )}
      </p>
      {impossible !== null ? (
        <p className="hint">{sayLack(impossible, clips)}</p>
      ) : (
        advice.length > 0 && (
          <ul className="hint">
            {advice.map((one) => (
              <li key={one.code}>{sayAdvice(one)}</li>
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
          <p className="hint current">{words.step(Math.min(stages.all, stages.done + 1), stages.all, sayStage(at))}</p>
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

function sayLack(lack: TrainingLack, { clips }: TrainingClips): string {
  const words = say.models.training.lacks;
  if (lack.code === 'clips') return words.clips(lack.least, clips);
  return lack.only === null ? words.none : words.species(speciesName(lack.only));
}

function sayAdvice(advice: TrainingAdvice): string {
  const words = say.models.training.advice;
  if (advice.code === 'sites') return advice.sites === 1 ? words.oneSite : words.sites(advice.sites, advice.wanted);
  const rare = advice.species.map(({ species, clips }) => `${speciesName(species)} (${say.number(clips)})`);
  return words.rare(advice.wanted, rare.join(', '));
}

/** What a training is at, from `family:part`. */
function sayStage(at: string): string {
  const [family = '', part = ''] = at.split(':');
  const { parts } = say.models.training;
  const known = part.replace(/-\d+$/, '');
  return say.models.training.part(
    Object.hasOwn(parts, known) ? parts[known as keyof typeof parts] : parts.stack,
    family,
  );
}
