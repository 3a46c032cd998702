import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Project } from '@primatrix/review-api';
import { gridAddress, withFilter } from '../shell/use-route.ts';
import { say } from '../language/language.ts';
import { Icon } from '../shell/icon.tsx';
import { speciesName } from '../shell/words.ts';

interface FilterBarProps {
  readonly filter: string;
  readonly project: Project;
}

/** What narrows and sorts the grid; all of it stands in the address. */
export function FilterBar({ filter, project }: FilterBarProps) {
  const query = new URLSearchParams(filter);
  const words = say.grid.filters;
  // On a phone the clips come first.
  const [wide] = useState(() => matchMedia('(min-width: 761px)').matches);
  const set = (changes: Readonly<Record<string, string>>) => location.replace(gridAddress(withFilter(filter, changes)));
  const value = (name: string) => query.get(name) ?? '';
  const choose = (name: string, label: string, options: readonly (readonly [value: string, text: string])[]) => (
    <Field label={label} onClear={clearing(name)}>
      <select aria-label={label} value={value(name)} onChange={(event) => set({ [name]: event.target.value })}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </Field>
  );
  const clearing = (name: string) => (value(name) === '' ? undefined : () => set({ [name]: '' }));
  const order = `${value('sort') || 'added'}${value('descending') === 'true' ? '-' : ''}`;
  return (
    <details open={wide || undefined} className={wide ? 'filterbox wide' : 'filterbox'}>
      <summary className="button">{query.size > 0 ? words.titleWith(query.size) : words.title}</summary>
      <form className="filters" role="search" aria-label={words.title} onSubmit={(event) => event.preventDefault()}>
        <Field label={words.search}>
          <SearchBox value={value('search')} onChange={(search) => set({ search })} />
        </Field>
        {choose('species', words.species, [
          ['', words.all],
          ...[...project.classes, ...project.newSpecies].map((name) => [name, speciesName(name)] as const),
        ])}
        {project.suggestions?.basis != null &&
          choose('suggested', words.suggested, [
            ['', words.all],
            ...project.suggestions.basis.classes.map((name) => [name, speciesName(name)] as const),
          ])}
        {choose('site', words.site, [
          ['', words.all],
          ...project.sites.map(({ site, clips }) => [site, `${site} (${clips})`] as const),
        ])}
        {choose('blank', words.blank, [
          ['', words.blanks.with],
          ['without', words.blanks.without],
          ['only', words.blanks.only],
        ])}
        {choose('review', words.review, [['', words.all], ...Object.entries(words.reviews)])}
        {choose('maxConfidence', words.confidence, [
          ['', words.all],
          ...[50, 80, 95].map((percent) => [String(percent / 100), words.atMost(percent)] as const),
        ])}
        {choose('minDisagreement', words.disagreement, [
          ['', words.any],
          ...[25, 50, 75].map((points) => [String(points / 100), words.byPoints(points)] as const),
        ])}
        {choose('state', words.state, [['', words.all], ...Object.entries(words.states)])}
        <Field label={words.events} onClear={value('events') === '' ? undefined : () => set({ events: '', open: '' })}>
          <select
            aria-label={words.events}
            value={value('events')}
            onChange={(event) => set({ events: event.target.value, open: '' })}
          >
            <option value="">{words.eachAlone}</option>
            {[1, 5, 10, 30, 60, 120].map((minutes) => (
              <option key={minutes} value={minutes}>
                {words.apart(minutes)}
              </option>
            ))}
          </select>
        </Field>
        <Field label={words.from} onClear={clearing('from')}>
          <input
            type="date"
            aria-label={words.from}
            value={value('from')}
            onChange={(event) => set({ from: event.target.value })}
          />
        </Field>
        <Field label={words.before} onClear={clearing('to')}>
          <input
            type="date"
            aria-label={words.before}
            value={value('to')}
            onChange={(event) => set({ to: event.target.value })}
          />
        </Field>
        <Field label={words.order}>
          <select
            aria-label={words.order}
            value={order}
            onChange={(event) =>
              set({
                sort: event.target.value.replace('-', '').replace('added', ''),
                descending: event.target.value.endsWith('-') ? 'true' : '',
              })
            }
          >
            {Object.entries(words.orders)
              .filter(([option]) => option !== 'teaches' || project.suggestions?.basis != null)
              .map(([option, text]) => (
                <option key={option} value={option}>
                  {text}
                </option>
              ))}
          </select>
        </Field>
        {[...fromPages].map(([name, says]) =>
          value(name) === '' ? null : (
            <button
              key={name}
              type="button"
              onClick={() => set({ [name]: '' })}
              aria-label={words.remove(says(value(name)))}
            >
              {says(value(name))} <Icon name="close" />
            </button>
          ),
        )}
        {filter !== '' && (
          <button type="button" onClick={() => location.replace('#/')}>
            {words.clear}
          </button>
        )}
      </form>
    </details>
  );
}

/** Filters that the season's numbers lead to; each stands there until it is taken out. */
const fromPages: ReadonlyMap<string, (value: string) => string> = new Map<string, (value: string) => string>([
  ['hour', (value) => say.grid.filters.hour(value)],
  ['timeless', () => say.grid.filters.timeless],
  ['finding', findingOf],
  ['second', (value) => (value === 'due' ? say.people.filter.due : say.people.filter.differ)],
]);

/** `copied-twice:ridge` in words. */
function findingOf(value: string): string {
  const [kind = '', site = ''] = value.split(/:(.*)/s);
  const { findings } = say.names;
  return say.grid.filters.finding(
    Object.hasOwn(findings, kind) ? findings[kind as keyof typeof findings] : kind,
    site === '' ? say.names.noSite : site,
  );
}

interface FieldProps {
  readonly label: string;
  readonly children: ReactNode;
  /** Takes its filter out; undefined where it filters nothing. */
  readonly onClear?: (() => void) | undefined;
}

/** One filter as a chip, which stands out while it filters. */
function Field({ label, children, onClear }: FieldProps) {
  return (
    <span className={onClear === undefined ? 'chip' : 'chip on'}>
      <label>
        <span>{label}</span>
        {children}
      </label>
      {onClear !== undefined && (
        <button type="button" onClick={onClear} aria-label={say.grid.filters.remove(label)}>
          <Icon name="close" />
        </button>
      )}
    </span>
  );
}

/** Asks once typing pauses. */
function SearchBox({ value, onChange }: { readonly value: string; readonly onChange: (text: string) => void }) {
  const [text, setText] = useState(value);
  const timer = useRef(0);
  useEffect(() => setText(value), [value]);
  return (
    <input
      type="search"
      aria-label={say.grid.filters.search}
      value={text}
      placeholder={say.grid.filters.searchExample}
      onChange={(event) => {
        const typed = event.target.value;
        setText(typed);
        clearTimeout(timer.current);
        timer.current = window.setTimeout(() => onChange(typed), 200);
      }}
    />
  );
}
