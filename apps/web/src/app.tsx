import { useRef, useState } from 'react';
import { AddClips } from './project/add-clips.tsx';
import { ClipGrid } from './grid/clip-grid.tsx';
import { ClipPage } from './clip/clip-page.tsx';
import { DeploymentsPage } from './deployments/deployments-page.tsx';
import { ExportMenu } from './project/export-menu.tsx';
import { FilterBar } from './grid/filter-bar.tsx';
import { PeoplePage } from './people/people-page.tsx';
import { Notice } from './shell/notice.tsx';
import { ProgressStrip } from './project/progress-strip.tsx';
import { ModelsButton } from './models/models-button.tsx';
import { ModelsPanel } from './models/models-panel.tsx';
import { ReviewQueueLink } from './project/review-queue-link.tsx';
import { SeasonPage } from './season/season-page.tsx';
import { SetupPage } from './setup/setup-page.tsx';
import { useProject } from './project/use-project.ts';
import { useModels } from './models/use-models.ts';
import { useRefit } from './models/use-refit.ts';
import { undoKey, undoLast } from './shell/decisions.ts';
import { gridAddress, useRoute } from './shell/use-route.ts';
import { useShortcuts } from './shell/use-shortcuts.ts';
import { LanguageSwitch } from './language/language-switch.tsx';
import { product, say, useLanguage } from './language/language.ts';

/** To what people come for: the card that has the focus among the cards, or the clip. */
function skip(): void {
  document.querySelector<HTMLElement>('.grid a.card[tabindex="0"], main.clip h2, main.page h2')?.focus();
}

/** All pages: the grid with its filters, or one clip. */
export function App() {
  const { project, setup, error, version, connected, refresh } = useProject();
  const { page, clip, filter } = useRoute();
  const [adding, setAdding] = useState(false);
  const scrolled = useRef(0);
  const refitting = useRefit(version, project?.refits === true);
  const models = useModels(version, project?.trains === true);
  const [modelsOpen, setModelsOpen] = useState(false);
  useLanguage();
  useShortcuts({ [undoKey]: undoLast });
  if (setup !== null) return <SetupPage setup={setup} />;
  if (project === null) {
    return (
      <main className="message">
        <h1>{product}</h1>
        {error === null ? (
          <p role="status">{say.shell.loading}</p>
        ) : (
          <p role="alert">{error.status === 401 ? say.app.signedOut : error.message}</p>
        )}
      </main>
    );
  }
  const { progress, warnings } = project;
  const empty = progress.total === 0;
  const manages = project.me.role === 'manage';
  const learns = manages && (models.models !== null || refitting.refit !== null);
  return (
    <>
      <button type="button" className="skip" onClick={skip}>
        {page !== null ? say.app.skipToPage : clip === null ? say.app.skipToClips : say.app.skipToClip}
      </button>
      <header className={clip === null ? 'top' : 'top over-clip'}>
        <h1>
          <a href={gridAddress(filter)}>{product}</a> <span className="project">{project.name}</span>
        </h1>
        <nav aria-label={say.app.project}>
          <ReviewQueueLink project={project} />
          {learns && (
            <ModelsButton
              models={models.models}
              refit={refitting.refit}
              open={modelsOpen}
              onClick={() => setModelsOpen(!modelsOpen)}
            />
          )}
          {manages && (
            <button type="button" onClick={() => setAdding(true)}>
              {say.app.addClips}
            </button>
          )}
          <a className="button" href="#/deployments" aria-current={page === 'deployments' ? 'page' : undefined}>
            {say.app.sites}
          </a>
          <a className="button" href="#/season" aria-current={page === 'season' ? 'page' : undefined}>
            {say.app.season}
          </a>
          <a className="button" href="#/people" aria-current={page === 'people' ? 'page' : undefined}>
            {say.people.title}
          </a>
          <ExportMenu filter={filter} project={project} />
          <LanguageSwitch />
        </nav>
      </header>
      {/* Over a clip the video comes first: only what goes on is told there. */}
      {(clip === null || progress.stage !== 'idle' || !connected) && (
        <ProgressStrip progress={progress} connected={connected} />
      )}
      <Notice />
      {clip === null && warnings.length > 0 && (
        <details className="warnings">
          <summary>{say.app.warnings(warnings.length)}</summary>
          <ul>
            {warnings.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </details>
      )}
      {manages && (adding || empty) && (
        <AddClips
          hidden={clip !== null}
          project={project}
          onClose={empty ? null : () => setAdding(false)}
          onAdded={() => {
            setAdding(true);
            refresh();
          }}
        />
      )}
      {learns && modelsOpen && (
        <ModelsPanel project={project} live={models} refitting={refitting} onClose={() => setModelsOpen(false)} />
      )}
      {clip !== null ? (
        <ClipPage key={clip} id={clip} filter={filter} project={project} version={version} />
      ) : page === 'deployments' ? (
        <DeploymentsPage version={version} />
      ) : page === 'season' ? (
        <SeasonPage version={version} />
      ) : page === 'people' ? (
        <PeoplePage me={project.me} version={version} />
      ) : (
        !empty && (
          <main>
            <FilterBar filter={filter} project={project} />
            <ClipGrid
              filter={filter}
              version={version}
              species={[...project.classes, ...project.newSpecies]}
              scrolled={scrolled}
            />
          </main>
        )
      )}
    </>
  );
}
