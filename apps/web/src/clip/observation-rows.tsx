import type { KeyboardEvent, ReactNode } from 'react';
import type { Observation } from '@primatrix/review-api';
import { say } from '../language/language.ts';
import { clock, speciesName } from '../shell/words.ts';

interface ObservationRowsProps {
  /** That the clip shows. */
  readonly species: readonly string[];
  readonly value: readonly Observation[];
  readonly onChange: (observations: readonly Observation[]) => void;
  /** Where the player is, seconds; null where there is no time. */
  readonly now: () => number | null;
  /** Enter was pressed in a field. */
  readonly onEnter: () => void;
}

/** What is known of the animals beside their species: a form for each kind that is told apart. */
export function ObservationRows({ species, value, onChange, now, onEnter }: ObservationRowsProps) {
  const words = say.observations;
  const rows = species.flatMap((name) => {
    const own = value.filter((one) => one.species === name);
    return own.length === 0 ? [{ species: name }] : own;
  });
  const change = (at: number, next: Observation) => onChange(rows.map((row, i) => (i === at ? next : row)));
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (!(event.target instanceof HTMLInputElement)) return;
    if (event.key === 'Enter') onEnter();
    if (event.key === 'Escape') event.target.blur();
  };
  return (
    <div className="observations" onKeyDown={onKeyDown}>
      {rows.map((row, i) => (
        <fieldset key={i} className="observation">
          <legend>{speciesName(row.species)}</legend>
          <Cell label={words.count}>
            <input
              type="number"
              min={1}
              max={100_000}
              inputMode="numeric"
              aria-label={words.countOf(speciesName(row.species))}
              value={row.count ?? ''}
              onChange={({ target }) => change(i, without(row, 'count', Math.trunc(target.valueAsNumber) || undefined))}
            />
          </Cell>
          <Cell label={words.lifeStage}>
            <select
              value={row.lifeStage ?? ''}
              onChange={({ target }) => change(i, without(row, 'lifeStage', target.value || undefined))}
            >
              <Options of={say.names.lifeStages} />
            </select>
          </Cell>
          <Cell label={words.sex}>
            <select
              value={row.sex ?? ''}
              onChange={({ target }) => change(i, without(row, 'sex', target.value || undefined))}
            >
              <Options of={say.names.sexes} />
            </select>
          </Cell>
          <Cell label={words.behaviour}>
            <input
              value={row.behaviour ?? ''}
              maxLength={200}
              list="behaviours"
              onChange={({ target }) => change(i, without(row, 'behaviour', target.value || undefined))}
            />
          </Cell>
          <Cell label={words.note}>
            <input
              value={row.note ?? ''}
              maxLength={2000}
              onChange={({ target }) => change(i, without(row, 'note', target.value || undefined))}
            />
          </Cell>
          <div className="row times">
            {(['from', 'to'] as const).map((end) => (
              <button
                type="button"
                key={end}
                onClick={() => change(i, without(row, end, row[end] === undefined ? (now() ?? undefined) : undefined))}
              >
                {endOf(end, row[end])}
              </button>
            ))}
            <button type="button" onClick={() => onChange(rows.toSpliced(i + 1, 0, { species: row.species }))}>
              {words.more}
            </button>
            {rows.filter((one) => one.species === row.species).length > 1 && (
              <button
                type="button"
                aria-label={words.remove(speciesName(row.species))}
                onClick={() => onChange(rows.toSpliced(i, 1))}
              >
                −
              </button>
            )}
          </div>
        </fieldset>
      ))}
      <datalist id="behaviours">
        {Object.entries(say.names.behaviours).map(([behaviour, name]) => (
          <option key={behaviour} value={behaviour} label={name} />
        ))}
      </datalist>
    </div>
  );
}

/** Nothing, and the values of a field by their names. */
function Options({ of }: { readonly of: Readonly<Record<string, string>> }) {
  return (
    <>
      <option value="">–</option>
      {Object.entries(of).map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </>
  );
}

/** The button that says when animals come or go, or takes it back. */
function endOf(end: 'from' | 'to', seconds: number | undefined): string {
  const words = say.observations;
  if (seconds === undefined) return end === 'from' ? words.inNow : words.outNow;
  return `${end === 'from' ? words.inAt(clock(seconds)) : words.outAt(clock(seconds))} ×`;
}

function Cell({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <label className="field">
      <span>{label}</span>
      {children}
    </label>
  );
}

/** A row with a field that has another value, or none any more. */
function without(row: Observation, name: keyof Observation, value: unknown): Observation {
  const fields = Object.entries({ ...row, [name]: value }).filter(([, one]) => one !== undefined);
  return Object.fromEntries(fields) as Observation;
}

/** Those that say more than a species. */
export function telling(observations: readonly Observation[], species: readonly string[]): Observation[] {
  const own = observations.filter((one) => species.includes(one.species));
  return own.filter((one) => Object.keys(one).length > 1);
}

/** `2 leopard, juvenile, feeding, 0:01 – 0:04`. */
export function sayObservation({ species, count, lifeStage, sex, behaviour, note, from, to }: Observation): string {
  const { names, observations } = say;
  return [
    `${count === undefined ? '' : `${count} `}${speciesName(species)}`,
    lifeStage === undefined ? undefined : names.lifeStages[lifeStage],
    sex === undefined ? undefined : names.sexes[sex],
    behaviour,
    from === undefined && to === undefined
      ? undefined
      : `${clock(from ?? 0)} – ${to === undefined ? observations.end : clock(to)}`,
    note,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}
