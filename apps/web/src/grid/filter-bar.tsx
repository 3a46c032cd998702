import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Project } from '@primatrix/review-api';
import { gridAddress, withFilter } from '../shell/use-route.ts';

interface FilterBarProps {
  readonly filter: string;
  readonly project: Project;
}

/** What narrows and sorts the grid; all of it stands in the address. */
export function FilterBar({ filter, project }: FilterBarProps) {
  const query = new URLSearchParams(filter);
  // On a phone the clips come first.
  const [wide] = useState(() => matchMedia('(min-width: 761px)').matches);
  const set = (changes: Readonly<Record<string, string>>) => location.replace(gridAddress(withFilter(filter, changes)));
  const value = (name: string) => query.get(name) ?? '';
  const choose = (name: string, label: string, options: readonly (readonly [value: string, text: string])[]) => (
    <Field label={label}>
      <select aria-label={label} value={value(name)} onChange={(event) => set({ [name]: event.target.value })}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </Field>
  );
  const order = `${value('sort') || 'added'}${value('descending') === 'true' ? '-' : ''}`;
  return (
    <details open={wide || undefined} className={wide ? 'filterbox wide' : 'filterbox'}>
      <summary className="button">Filters{query.size > 0 ? ` (${query.size})` : ''}</summary>
      <form className="filters" role="search" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
        <Field label="Search">
          <SearchBox value={value('search')} onChange={(search) => set({ search })} />
        </Field>
        {choose('species', 'Species', [
          ['', 'All'],
          ...[...project.classes, ...project.newSpecies].map((name) => [name, name] as const),
        ])}
        {project.suggestions?.basis != null &&
          choose('suggested', 'Suggested', [
            ['', 'All'],
            ...project.suggestions.basis.classes.map((name) => [name, name] as const),
          ])}
        {choose('site', 'Site', [
          ['', 'All'],
          ...project.sites.map(({ site, clips }) => [site, `${site} (${clips})`] as const),
        ])}
        {choose('blank', 'Blank', [
          ['', 'With blank'],
          ['without', 'Without blank'],
          ['only', 'Blank only'],
        ])}
        {choose('review', 'Review', [
          ['', 'All'],
          ['open', 'Not reviewed'],
          ['done', 'Reviewed'],
          ['accepted', 'Accepted'],
          ['corrected', 'Corrected'],
          ['blank', 'Marked blank'],
          ['unsure', 'Unsure'],
        ])}
        {choose('maxConfidence', 'Confidence', [
          ['', 'All'],
          ['0.5', 'At most 50 %'],
          ['0.8', 'At most 80 %'],
          ['0.95', 'At most 95 %'],
        ])}
        {choose('minDisagreement', 'Models disagree', [
          ['', 'Any'],
          ['0.25', 'By 25 points or more'],
          ['0.5', 'By 50 points or more'],
          ['0.75', 'By 75 points or more'],
        ])}
        {choose('state', 'State', [
          ['', 'All'],
          ['waiting', 'Waiting'],
          ['provisional', 'First models only'],
          ['predicted', 'Predicted'],
          ['failed', 'Failed'],
        ])}
        <Field label="Events">
          <select
            aria-label="Events"
            value={value('events')}
            onChange={(event) => set({ events: event.target.value, open: '' })}
          >
            <option value="">Each clip alone</option>
            {[1, 5, 10, 30, 60, 120].map((minutes) => (
              <option key={minutes} value={minutes}>
                Apart by {minutes} min
              </option>
            ))}
          </select>
        </Field>
        <Field label="From">
          <input
            type="date"
            aria-label="From"
            value={value('from')}
            onChange={(event) => set({ from: event.target.value })}
          />
        </Field>
        <Field label="Before">
          <input
            type="date"
            aria-label="Before"
            value={value('to')}
            onChange={(event) => set({ to: event.target.value })}
          />
        </Field>
        <Field label="Order">
          <select
            aria-label="Order"
            value={order}
            onChange={(event) =>
              set({
                sort: event.target.value.replace('-', '').replace('added', ''),
                descending: event.target.value.endsWith('-') ? 'true' : '',
              })
            }
          >
            {[
              ['added', 'As added'],
              ['name', 'Name'],
              ['time', 'Oldest'],
              ['time-', 'Newest'],
              ['confidence', 'Least confident'],
              ['confidence-', 'Most confident'],
              ['disagreement-', 'Models disagree most'],
              ...(project.suggestions?.basis == null ? [] : [['teaches', 'Teaches most'] as const]),
            ].map(([option, text]) => (
              <option key={option} value={option}>
                {text}
              </option>
            ))}
          </select>
        </Field>
        {[...fromSeason].map(([name, says]) =>
          value(name) === '' ? null : (
            <button
              key={name}
              type="button"
              onClick={() => set({ [name]: '' })}
              aria-label={`Remove filter: ${says(value(name))}`}
            >
              {says(value(name))} ×
            </button>
          ),
        )}
        {filter !== '' && (
          <button type="button" onClick={() => location.replace('#/')}>
            Clear filters
          </button>
        )}
      </form>
    </details>
  );
}

/** Filters that the season's numbers lead to; each stands there until it is taken out. */
const fromSeason: ReadonlyMap<string, (value: string) => string> = new Map<string, (value: string) => string>([
  ['hour', (value) => `Hour ${value}`],
  ['timeless', () => 'No time'],
  ['finding', (value) => value.replace(':', ' at ')],
]);

function Field({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <label className="field">
      <span>{label}</span>
      {children}
    </label>
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
      aria-label="Search"
      value={text}
      placeholder="Name, site, species, note"
      onChange={(event) => {
        const typed = event.target.value;
        setText(typed);
        clearTimeout(timer.current);
        timer.current = window.setTimeout(() => onChange(typed), 200);
      }}
    />
  );
}
