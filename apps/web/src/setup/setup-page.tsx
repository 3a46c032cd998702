import { useEffect, useState, type FormEvent } from 'react';
import type { Estimate, Setup, SourceChoice } from '@primatrix/review-api';
import { FolderField } from '../project/folder-field.tsx';
import { api } from '../shell/api.ts';
import { OfferList } from './offer-list.tsx';
import { setupApi } from './setup-api.ts';
import { SourceList } from './source-list.tsx';
import { count, timeNeeded } from '../shell/words.ts';

/** The first screen: which clips, and what analyses them. */
export function SetupPage({ setup: first }: { readonly setup: Setup }) {
  const [setup, setSetup] = useState(first);
  const { foldersAllowed, models, offers, bundles, keptIn } = setup;
  const nothing = models.length + bundles.length === 0;
  const [folder, setFolder] = useState(setup.clips > 0 ? '' : setup.folder);
  const [source, setSource] = useState<SourceChoice | null>(() => firstOf(setup));
  const [busy, setBusy] = useState<'estimate' | 'begin' | null>(null);
  const [estimate, setEstimate] = useState<Estimate | null>(null);
  const [trouble, setTrouble] = useState('');
  useEffect(() => setEstimate(null), [folder, source]);

  const attempt = async (what: 'estimate' | 'begin', work: () => Promise<void>) => {
    setBusy(what);
    setTrouble('');
    try {
      await work();
    } catch (error) {
      setTrouble((error as Error).message);
    }
    setBusy(null);
  };
  const choosePulled = async (name: string) => {
    const answer = await api.project();
    if (!('setup' in answer)) return;
    setSetup(answer.setup);
    setSource({ models: [name] });
  };
  const tryOut = () =>
    source === null
      ? undefined
      : void attempt('estimate', async () => setEstimate(await setupApi.estimate({ source, folder })));
  const begin = (event: FormEvent) => {
    event.preventDefault();
    if (source === null) return;
    void attempt('begin', async () => {
      await setupApi.begin({ source, ...(foldersAllowed && folder.trim() !== '' ? { folder } : {}) });
      await setupApi.projectIsThere();
      location.reload();
    });
  };
  return (
    <main className="setup">
      <h1>Primatrix</h1>
      <p>Sort, check and export the clips of camera traps. Nothing leaves this computer.</p>
      <form onSubmit={begin}>
        <section aria-labelledby="which">
          <h2 id="which">1. Which clips?</h2>
          {foldersAllowed ? (
            <FolderField
              label="Folder on this computer, for example of a memory card"
              value={folder}
              onChange={setFolder}
              required={setup.clips === 0}
            />
          ) : (
            <p>You can upload clips once the project is open.</p>
          )}
          <p className="hint">
            Clips stay where they are. Predictions and reviews are kept in {keptIn}
            {setup.clips > 0 && `, which has ${count(setup.clips, 'clip')} already`}.
          </p>
        </section>
        <section aria-labelledby="what">
          <h2 id="what">2. What analyses them first?</h2>
          {nothing ? (
            <p>Nothing that can analyse clips is installed yet.</p>
          ) : (
            <SourceList setup={setup} value={source} onChange={setSource} />
          )}
          {offers.length > 0 && (
            <details open={nothing}>
              <summary>Download a model</summary>
              <OfferList offers={offers} onKept={choosePulled} />
            </details>
          )}
          {nothing && <OtherWays setup={setup} />}
          {setup.broken.length > 0 && (
            <details className="hint">
              <summary>{count(setup.broken.length, 'folder')} of models cannot be used</summary>
              <ul>
                {setup.broken.map((text) => (
                  <li key={text}>{text}</li>
                ))}
              </ul>
            </details>
          )}
        </section>
        {foldersAllowed && (
          <section aria-labelledby="long">
            <h2 id="long">3. How long will it take?</h2>
            <div className="row">
              <button
                type="button"
                disabled={busy !== null || source === null || folder.trim() === ''}
                onClick={tryOut}
              >
                {busy === 'estimate' ? 'Trying up to 20 clips…' : 'Estimate'}
              </button>
              <p role="status">{estimate === null ? '' : sayOf(estimate)}</p>
            </div>
          </section>
        )}
        {trouble !== '' && (
          <p className="trouble" role="alert">
            {trouble}
          </p>
        )}
        <button type="submit" className="primary" disabled={busy !== null || source === null}>
          {busy === 'begin' ? 'Opening…' : 'Start'}
        </button>
      </form>
    </main>
  );
}

function firstOf({ models, bundles }: Setup): SourceChoice | null {
  const detector = models.find(({ kind }) => kind === 'detector') ?? models[0];
  const [bundle] = bundles;
  // Who has trained something of their own wants it to be used.
  if (bundle !== undefined) return { bundle: bundle.path };
  return detector === undefined ? null : { models: [detector.name] };
}

function sayOf({ clips, probed, seconds }: Estimate): string {
  if (clips === 0) return 'There are no clips in this folder.';
  if (seconds === null) return `${count(clips, 'clip')}. None of them could be tried.`;
  return `${timeNeeded(seconds)} for ${count(clips, 'clip')}, by ${count(probed, 'clip')} tried on this computer.`;
}

function OtherWays({ setup: { modelsFolder, offers } }: { readonly setup: Setup }) {
  return (
    <div className="nothere">
      <p>{offers.length > 0 ? 'Or get' : 'Get'} one of these, then reload this page:</p>
      <ul>
        {offers.length === 0 && (
          <li>
            a small detector of animals, people and vehicles, from the internet:{' '}
            <code>primatrix models pull yolox-nano</code>
          </li>
        )}
        <li>
          a detector or a classifier that you downloaded: <code>primatrix models add &lt;folder&gt;</code> puts it into{' '}
          {modelsFolder}
        </li>
        <li>
          a small model to try things with, trained on drawn clips in some minutes: <code>primatrix demo</code>
        </li>
        <li>
          a model of your own species, from labelled clips: <code>primatrix train --dataset &lt;folder&gt;</code>
        </li>
      </ul>
    </div>
  );
}
