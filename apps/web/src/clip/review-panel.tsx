import { useId, useRef, useState, type FormEvent, type RefObject } from 'react';
import type { ClipDetail, Project, ReviewInput } from '@primatrix/review-api';
import { ObservationRows, sayObservation, telling } from './observation-rows.tsx';
import { SuggestionBox } from './suggestion-box.tsx';
import { ReviewerName } from '../shell/reviewer-name.tsx';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import { say } from '../language/language.ts';
import { percent, speciesList, speciesName, speciesNamed } from '../shell/words.ts';
import { Key } from '../shell/key.tsx';
import { keyOf } from '../shell/keys.ts';

interface ReviewPanelProps {
  readonly clip: ClipDetail;
  readonly project: Project;
  readonly player: RefObject<HTMLMediaElement | null>;
  readonly onDecide: (input: ReviewInput) => Promise<void>;
}

/** Species that have a number key. */
const most = 9;

/** What the clip shows, as a person says: accept, correct (one species or several), blank, unsure. */
export function ReviewPanel({ clip, project, player, onDecide }: ReviewPanelProps) {
  const { review, top } = clip;
  const words = say.clip.review;
  const [chosen, setChosen] = useState<readonly string[]>(review?.species ?? []);
  const [observations, setObservations] = useState(review?.observations ?? []);
  const [details, setDetails] = useState(observations.length > 0);
  const other = useRef<HTMLInputElement>(null);
  const listId = useId();
  const named = [...project.classes, ...project.newSpecies];
  const byProbability = project.classes
    .map((species, c) => ({ species, probability: clip.probabilities?.[c] ?? null }))
    .sort((a, b) => (b.probability ?? 0) - (a.probability ?? 0));
  // Species that people named have keys, too, as far as there are any left.
  const candidates = [...byProbability, ...project.newSpecies.map((species) => ({ species, probability: null }))].slice(
    0,
    most,
  );
  const extra = chosen.filter((name) => !candidates.some(({ species }) => species === name));
  const best = top[0]?.species;

  const toggle = (species: string) =>
    setChosen((before) =>
      before.includes(species) ? before.filter((name) => name !== species) : [...before, species],
    );
  const decide = (decision: 'accepted' | 'corrected', species: readonly string[]) => {
    const told = telling(observations, species);
    void onDecide({ decision, species: [...species], ...(told.length > 0 ? { observations: told } : {}) });
  };
  const accept = () => (best === undefined ? undefined : decide('accepted', [best]));
  const suggested = clip.suggestion?.species;
  const take = () => {
    if (suggested === undefined) return;
    if (suggested === 'blank') void onDecide({ decision: 'blank', species: [] });
    else decide(suggested === best ? 'accepted' : 'corrected', [suggested]);
  };
  const save = () => {
    if (chosen.length === 0) return accept();
    if (chosen.length === 1 && chosen[0] === 'blank') return void onDecide({ decision: 'blank', species: [] });
    return decide(chosen.length === 1 && chosen[0] === best ? 'accepted' : 'corrected', chosen);
  };
  useShortcuts({
    a: () => accept(),
    Enter: save,
    '/': () => other.current?.focus(),
    d: () => setDetails(!details),
    e: take,
    ...Object.fromEntries(candidates.map(({ species }, i) => [String(i + 1), () => toggle(species)])),
  });

  function add(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const text = speciesNamed(other.current?.value.trim() ?? '');
    if (text === '') return save();
    const known = named.find((name) => name.toLowerCase() === text.toLowerCase()) ?? text;
    if (!chosen.includes(known)) setChosen([...chosen, known]);
    if (other.current !== null) {
      other.current.value = '';
      other.current.blur();
    }
  }

  return (
    <section className="review" aria-label={words.title}>
      <h3>{words.question}</h3>
      {review !== null && (
        <p className="decided">
          {review.species.length > 0
            ? words.decided(say.names.decisions[review.decision], speciesList(review.species))
            : say.names.decisions[review.decision]}{' '}
          <span className="hint">
            {say.moment(review.at)} {review.by !== undefined && words.by(review.by)}
          </span>
          {review.observations?.map((one, i) => (
            <span className="hint observed" key={i}>
              {sayObservation(one)}
            </span>
          ))}
        </p>
      )}
      <div className="decisions" role="group" aria-label={words.decision}>
        {chosen.length > 0 ? (
          <button type="button" className="primary" onClick={save} aria-keyshortcuts="Enter">
            {words.save(chosen.length > 1 ? say.counts.species(chosen.length) : speciesList(chosen))} <kbd>⏎</kbd>
          </button>
        ) : (
          <button
            type="button"
            className="primary"
            disabled={best === undefined}
            onClick={accept}
            aria-keyshortcuts={keyOf('a')}
          >
            {words.accept(best === undefined ? '' : speciesName(best))} <Key of="a" />
          </button>
        )}
        <button
          type="button"
          onClick={() => void onDecide({ decision: 'blank', species: [] })}
          aria-keyshortcuts={keyOf('b')}
        >
          {words.blank} <Key of="b" />
        </button>
        <button
          type="button"
          onClick={() => void onDecide({ decision: 'unsure', species: [] })}
          aria-keyshortcuts={keyOf('u')}
        >
          {words.unsure} <Key of="u" />
        </button>
        {review !== null && (
          <button
            type="button"
            onClick={() => void onDecide({ decision: 'open', species: [] })}
            title={words.clearHint}
          >
            {words.clear}
          </button>
        )}
      </div>
      <SuggestionBox clip={clip} project={project} onTake={take} />
      <div className="choices" role="group" aria-label={words.species}>
        {[...candidates, ...extra.map((species) => ({ species, probability: null }))].map(
          ({ species, probability }, i) => (
            <button type="button" key={species} aria-pressed={chosen.includes(species)} onClick={() => toggle(species)}>
              {i < candidates.length ? <kbd>{i + 1}</kbd> : <kbd>+</kbd>} <span>{speciesName(species)}</span>{' '}
              {probability !== null && <span className="hint">{percent(probability)}</span>}
            </button>
          ),
        )}
      </div>
      <form className="row" onSubmit={add}>
        <input
          ref={other}
          list={listId}
          placeholder={words.another}
          aria-label={words.another}
          maxLength={100}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
        <datalist id={listId}>
          {named.map((name) => (
            <option key={name} value={speciesName(name)} />
          ))}
        </datalist>
        <button type="submit">
          {words.add} <Key of="/" />
        </button>
      </form>
      <button type="button" aria-expanded={details} aria-keyshortcuts={keyOf('d')} onClick={() => setDetails(!details)}>
        {words.details} <Key of="d" />
      </button>
      {details && (
        <ObservationRows
          species={chosen.length > 0 ? chosen : best === undefined || best === 'blank' ? [] : [best]}
          value={observations}
          onChange={(next) => setObservations([...next])}
          onEnter={save}
          now={() => (player.current === null ? null : Math.round(player.current.currentTime * 10) / 10)}
        />
      )}
      <ReviewerName me={project.me} />
    </section>
  );
}
