import { useEffect, useState } from 'react';
import type { ModelOffer, Setup, SetupModel, SourceChoice } from '@primatrix/review-api';
import { setupApi } from './setup-api.ts';
import { bytes, cost, speciesName } from '../shell/words.ts';
import { say } from '../language/language.ts';

interface SourceListProps {
  readonly setup: Setup;
  readonly value: SourceChoice | null;
  readonly onChange: (source: SourceChoice) => void;
}

/** What can analyse clips here, with licence, size and what it costs on this machine. */
export function SourceList({ setup: { models, bundles }, value, onChange }: SourceListProps) {
  const words = say.setup.source;
  const speeds = useSpeeds(models);
  const chosen = value !== null && 'models' in value ? value.models : [];
  const [first = '', second = ''] = chosen;
  const classifiers = models.filter(({ kind }) => kind === 'image-classifier');
  const detects = models.some(({ name, kind }) => name === first && kind === 'detector');
  return (
    <>
      <ul className="sources">
        {bundles.map(({ path, classes }) => (
          <li key={path}>
            <label>
              <input
                type="radio"
                name="source"
                checked={value !== null && 'bundle' in value && value.bundle === path}
                onChange={() => onChange({ bundle: path })}
              />
              <span>
                <strong>{words.own}</strong> <code>{path}</code>
                <span className="hint">{words.classes(classes.length, someOf(classes))}</span>
              </span>
            </label>
          </li>
        ))}
        {models.map((model) => (
          <li key={model.name}>
            <label>
              <input
                type="radio"
                name="source"
                checked={first === model.name}
                onChange={() => onChange({ models: [model.name] })}
              />
              <span>
                <strong>
                  {model.name} {model.version}
                </strong>{' '}
                {model.summary}
                <span className="hint">
                  {factsOf(model)} · {speeds[model.name] ?? words.measuring}
                </span>
              </span>
            </label>
          </li>
        ))}
      </ul>
      {detects && classifiers.length > 0 && (
        <label className="field">
          <span>{words.thenName}</span>
          <select
            value={second}
            onChange={({ target }) => onChange({ models: target.value === '' ? [first] : [first, target.value] })}
          >
            <option value="">{words.nothingElse}</option>
            {classifiers.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}

/** The first classes of a bundle. */
function someOf(classes: readonly string[]): string {
  const some = classes.slice(0, 8).map(speciesName).join(', ');
  return classes.length > 8 ? say.setup.source.andMore(some) : some;
}

/** What a model is for, its size, and what may be done with it. */
export function factsOf({ kind, licence, commercialUse, bytes: size }: ModelOffer): string {
  const words = say.setup.source;
  return [
    kind === 'detector' ? words.detector : words.classifier,
    bytes(size),
    words.licence(licence),
    commercialUse === null ? words.commercialUnknown : commercialUse ? words.commercial : words.notCommercial,
  ].join(' · ');
}

/** What a picture costs each model here, measured one after the other. */
function useSpeeds(models: readonly SetupModel[]): Readonly<Record<string, string>> {
  const [speeds, setSpeeds] = useState<Readonly<Record<string, string>>>({});
  useEffect(() => {
    let left = false;
    void (async () => {
      for (const { name } of models) {
        if (left) return;
        const says = await setupApi.speed(name).then(
          ({ milliseconds }) => say.setup.source.speed(cost(milliseconds / 1000)),
          (error: Error) => say.setup.source.unusable(error.message),
        );
        setSpeeds((before) => ({ ...before, [name]: says }));
      }
    })();
    return () => void (left = true);
  }, [models]);
  return speeds;
}
