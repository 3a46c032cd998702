import { columnChart } from '@primatrix/charts';
import { useState } from 'react';
import type { Season } from '@primatrix/review-api';
import { say } from '../language/language.ts';
import { speciesName } from '../shell/words.ts';
import { Chart } from './chart.tsx';
import { clipsWith } from './clips-with.ts';

const hours = Array.from({ length: 24 }, (_, hour) => hour);

/** At which hours of the day animals were recorded, all or one species. */
export function ActivityChart({ season: { species } }: { readonly season: Season }) {
  const words = say.season.activity;
  const [chosen, setChosen] = useState('');
  if (species.length === 0) return <p className="hint">{say.season.noAnimal}</p>;
  const one = species.find((some) => some.species === chosen);
  const byHour = one?.byHour ?? hours.map((hour) => species.reduce((sum, some) => sum + (some.byHour[hour] ?? 0), 0));
  const title = words.title(one === undefined ? words.all : speciesName(one.species));
  const bars = byHour.map((value, hour) => ({
    label: String(hour),
    value,
    text: words.at(value),
    href:
      value === 0
        ? undefined
        : clipsWith({ hour, species: one?.species ?? null, blank: one === undefined ? 'without' : null }),
  }));
  return (
    <>
      <label className="row">
        {words.species}
        <select value={chosen} onChange={(event) => setChosen(event.target.value)}>
          <option value="">{words.allOption}</option>
          {species.map(({ species: name, clips }) => (
            <option key={name} value={name}>
              {words.option(speciesName(name), say.number(clips))}
            </option>
          ))}
        </select>
      </label>
      <Chart
        title={title}
        name="activity-by-hour"
        chart={columnChart(bars, { title, xLabel: words.hours, yLabel: words.clips })}
        table={[['species', ...hours], ...species.map(({ species: name, byHour: counts }) => [name, ...counts])]}
      />
    </>
  );
}
