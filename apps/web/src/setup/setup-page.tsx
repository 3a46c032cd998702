import { useEffect, useRef, useState, type FormEvent } from 'react';
import type { Estimate, Setup, SourceChoice } from '@primatrix/review-api';
import { FolderField } from '../project/folder-field.tsx';
import { api } from '../shell/api.ts';
import { OfferList } from './offer-list.tsx';
import { setupApi } from './setup-api.ts';
import { SourceList } from './source-list.tsx';
import { diskSpace, timeNeeded } from '../shell/words.ts';
import { LanguageSwitch } from '../language/language-switch.tsx';
import { product, say } from '../language/language.ts';
import { mostFrames } from './most-frames.ts';
import { frameChoices, TimeDial } from './time-dial.tsx';

/** How long the dial rests before its choice is tried, milliseconds. */
const restMs = 500;

/** The first screen: which clips, and what analyses them. */
export function SetupPage({ setup: first }: { readonly setup: Setup }) {
  const words = say.setup;
  const [setup, setSetup] = useState(first);
  const { foldersAllowed, models, offers, bundles, keptIn } = setup;
  const nothing = models.length + bundles.length === 0;
  const [folder, setFolder] = useState(setup.clips > 0 ? '' : setup.folder);
  const [source, setSource] = useState<SourceChoice | null>(() => firstOf(setup));
  const [busy, setBusy] = useState<'estimate' | 'begin' | null>(null);
  const [frames, setFrames] = useState<number>(frameChoices[0]);
  const [hours, setHours] = useState('');
  const [measured, setMeasured] = useState<ReadonlyMap<number, Estimate>>(new Map());
  const waiting = useRef(0);
  // Whoever asks again, or chooses otherwise, wants no earlier answer.
  const asked = useRef(0);
  const [trouble, setTrouble] = useState('');
  useEffect(() => {
    asked.current += 1;
    setMeasured(new Map());
  }, [folder, source]);
  const detects = isDetecting(setup, source);
  const chosen = detects ? frames : frameChoices[0];
  const estimate = measured.get(chosen) ?? null;

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
  const ask = async (source: SourceChoice, choice: number, turn: number): Promise<number | null> => {
    const found = measured.get(choice) ?? (await setupApi.estimate({ source: withFrames(source, choice), folder }));
    if (turn !== asked.current) return null;
    setMeasured((before) => new Map(before).set(choice, found));
    return found.seconds;
  };
  const limit = detects && Number(hours) > 0 ? Number(hours) : null;
  const tryOut = (choice: number) => {
    if (source === null) return;
    const turn = (asked.current += 1);
    void attempt('estimate', async () => void (await ask(source, choice, turn)));
  };
  // Of so much time it follows how many frames there can be; each number that counts is tried.
  const fit = (most: number) => {
    if (source === null) return;
    const turn = (asked.current += 1);
    void attempt('estimate', async () => {
      const fitting = await mostFrames(frameChoices, most * 3600, (choice) => ask(source, choice, turn));
      if (turn === asked.current) setFrames(fitting);
    });
  };
  const dial = (next: number) => {
    setFrames(next);
    clearTimeout(waiting.current);
    // Who has asked once is told of every choice, once the dial rests.
    if (measured.size > 0 && !measured.has(next)) waiting.current = window.setTimeout(() => tryOut(next), restMs);
  };
  const begin = (event: FormEvent) => {
    event.preventDefault();
    if (source === null) return;
    void attempt('begin', async () => {
      await setupApi.begin({
        source: withFrames(source, chosen),
        ...(foldersAllowed && folder.trim() !== '' ? { folder } : {}),
      });
      await setupApi.projectIsThere();
      location.reload();
    });
  };
  return (
    <main className="setup">
      <div className="head">
        <h1>{product}</h1>
        <LanguageSwitch />
      </div>
      <p>{words.claim}</p>
      <form onSubmit={begin}>
        <section aria-labelledby="which">
          <h2 id="which">{words.which}</h2>
          {foldersAllowed ? (
            <FolderField
              label={say.project.add.folder}
              value={folder}
              onChange={setFolder}
              required={setup.clips === 0}
            />
          ) : (
            <p>{words.uploadLater}</p>
          )}
          <p className="hint">{setup.clips > 0 ? words.keptWithClips(keptIn, setup.clips) : words.keptIn(keptIn)}</p>
        </section>
        <section aria-labelledby="what">
          <h2 id="what">{words.what}</h2>
          {nothing ? <p>{words.nothing}</p> : <SourceList setup={setup} value={source} onChange={setSource} />}
          {offers.length > 0 && (
            <details open={nothing}>
              <summary>{words.download}</summary>
              <OfferList offers={offers} onKept={choosePulled} />
            </details>
          )}
          {nothing && <OtherWays setup={setup} />}
          {setup.broken.length > 0 && (
            <details className="hint">
              <summary>{words.broken(setup.broken.length)}</summary>
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
            <h2 id="long">{words.howLong}</h2>
            <div className="row">
              {detects && (
                <label className="row hours">
                  {words.hours}
                  <input
                    type="number"
                    min={0}
                    step="any"
                    inputMode="decimal"
                    value={hours}
                    placeholder="8"
                    onChange={({ target }) => setHours(target.value)}
                  />
                </label>
              )}
              <button
                type="button"
                disabled={busy !== null || source === null || folder.trim() === ''}
                onClick={() => (limit === null ? tryOut(chosen) : fit(limit))}
              >
                {busy === 'estimate' ? words.estimating : words.estimate}
              </button>
              <p role="status">{estimate === null ? '' : sayOf(estimate, chosen, limit)}</p>
            </div>
            {detects && <TimeDial frames={frames} onChange={dial} measured={measured} />}
          </section>
        )}
        {trouble !== '' && (
          <p className="trouble" role="alert">
            {trouble}
          </p>
        )}
        <button type="submit" className="primary" disabled={busy !== null || source === null}>
          {busy === 'begin' ? words.opening : words.start}
        </button>
      </form>
    </main>
  );
}

/** Whether a detector looks at the clips: of a bundle and of a classifier the frames are given. */
function isDetecting({ models }: Setup, source: SourceChoice | null): boolean {
  if (source === null || 'bundle' in source) return false;
  return models.some(({ name, kind }) => kind === 'detector' && source.models.includes(name));
}

/** A choice with the frames that its detector looks at; as many as usual are not said. */
function withFrames(source: SourceChoice, frames: number): SourceChoice {
  return 'models' in source && frames !== frameChoices[0] ? { ...source, looks: frames } : source;
}

function firstOf({ models, bundles }: Setup): SourceChoice | null {
  const detector = models.find(({ kind }) => kind === 'detector') ?? models[0];
  const [bundle] = bundles;
  // Who has trained something of their own wants it to be used.
  if (bundle !== undefined) return { bundle: bundle.path };
  return detector === undefined ? null : { models: [detector.name] };
}

/** @param limit hours that there are; null: nobody said */
function sayOf({ clips, probed, seconds, bytes }: Estimate, frames: number, limit: number | null): string {
  if (clips === 0) return say.setup.noClips;
  if (seconds === null) return say.setup.noneTried(clips);
  const time = say.setup.estimated(timeNeeded(seconds), clips, probed);
  return [
    time,
    ...(limit === null
      ? []
      : [(seconds <= limit * 3600 ? say.setup.fits : say.setup.fitsNot)(frames, say.number(limit))]),
    ...(bytes === null ? [] : [say.setup.diskFor(diskSpace(bytes))]),
  ].join(' ');
}

function OtherWays({ setup: { modelsFolder, offers } }: { readonly setup: Setup }) {
  const words = say.setup.ways;
  return (
    <div className="nothere">
      <p>{offers.length > 0 ? words.orGet : words.get}</p>
      <ul>
        {offers.length === 0 && <li>{words.detector(<code>primatrix models pull yolox-nano</code>)}</li>}
        <li>{words.own(<code>primatrix models add &lt;folder&gt;</code>, modelsFolder)}</li>
        <li>{words.demo(<code>primatrix demo</code>)}</li>
        <li>{words.train(<code>primatrix train --dataset &lt;folder&gt;</code>)}</li>
      </ul>
    </div>
  );
}
