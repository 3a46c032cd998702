import { useState } from 'react';
import type { OwnModel, Project, Refit } from '@primatrix/review-api';
import { ModelList } from './model-list.tsx';
import { modelsApi } from './models-api.ts';
import { RefitPanel } from './refit-panel.tsx';
import { SuggestionState } from './suggestion-state.tsx';
import { TrainPanel } from './train-panel.tsx';
import type { LiveModels } from './use-models.ts';
import type { LiveRefit } from './use-refit.ts';
import { say } from '../language/language.ts';
import { Icon } from '../shell/icon.tsx';

interface ModelsPanelProps {
  readonly project: Project;
  readonly live: LiveModels;
  readonly refitting: LiveRefit;
  readonly onClose: () => void;
}

/** All that learns from reviews, in one place: suggestions, retraining, models of one's own, and which of them predicts. */
export function ModelsPanel({ project, live, refitting, onClose }: ModelsPanelProps) {
  const { models, refused, ask } = live;
  const { refit } = refitting;
  const words = say.models;
  const [opening, setOpening] = useState<OwnModel | null>(null);
  const use = (model: OwnModel) =>
    void ask(async () => {
      const answer = await modelsApi.use(model.number);
      setOpening(model);
      // Classes and predictions are the other model's from here on.
      void modelsApi.served(model.number).then(() => location.reload());
      return answer;
    });
  return (
    <section className="add models" aria-label={words.title}>
      <div className="head">
        <h2>{words.title}</h2>
        <button type="button" onClick={onClose} aria-label={say.shell.close}>
          <Icon name="close" />
        </button>
      </div>
      <section aria-labelledby="suggestions">
        <h3 id="suggestions">{words.suggestions.title}</h3>
        <SuggestionState suggestions={project.suggestions} />
      </section>
      {refit !== null && <RefitPanel live={{ ...refitting, refit: refit satisfies Refit }} />}
      {models !== null && (
        <>
          <TrainPanel models={models} ask={ask} />
          <section aria-labelledby="models">
            <h3 id="models">{words.ofProject}</h3>
            {refused !== '' && (
              <p className="trouble" role="alert">
                {refused}
              </p>
            )}
            {opening !== null && <p role="status">{words.opening(opening.name)}</p>}
            <ModelList models={models.models} busy={opening !== null || models.stage === 'running'} onUse={use} />
            <p className="hint">{words.hint}</p>
          </section>
        </>
      )}
    </section>
  );
}
