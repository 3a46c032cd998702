import { spanChart } from '@primatrix/charts';
import type { Season, SiteSeason } from '@primatrix/review-api';
import { say } from '../language/language.ts';
import { Chart } from './chart.tsx';
import { clipsWith, dayAfter, noSite } from './clips-with.ts';

const dayMs = 86_400_000;
/** Shorter gaps are days on which nothing passed. */
const longGap = 7;

/** When each camera recorded, and the longest times at which it did not. */
export function EffortChart({ season: { sites } }: { readonly season: Season }) {
  const words = say.season.effort;
  const dated = sites.filter(({ runs }) => runs.length > 0);
  if (dated.length === 0) return <p className="hint">{words.none}</p>;
  const { title } = words;
  const at = (day: string) => Date.parse(`${day}T00:00:00Z`);
  const rows = dated.map(({ site, runs }) => ({
    label: site ?? say.names.noSite,
    href: site === null ? undefined : clipsWith({ site, sort: 'time' }),
    spans: runs.map(({ from, to }) => ({ from: at(from), to: at(to) + dayMs })),
  }));
  return (
    <>
      <Chart
        title={title}
        name="effort"
        chart={spanChart(rows, { title, date: say.day })}
        table={[
          ['site', 'from', 'to', 'clips'],
          ...dated.flatMap(({ site, runs }) => runs.map(({ from, to, clips }) => [site ?? noSite, from, to, clips])),
        ]}
      />
      <div className="scroll" tabIndex={0} role="region" aria-label={words.table}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.site}</th>
              <th scope="col">{words.clips}</th>
              <th scope="col">{words.days}</th>
              <th scope="col">{words.activeDays}</th>
              <th scope="col">{words.gap}</th>
            </tr>
          </thead>
          <tbody>
            {dated.map((one) => (
              <tr key={one.site ?? ''}>
                <th scope="row">{one.site ?? say.names.noSite}</th>
                <td>
                  {one.site === null ? (
                    say.number(one.clips)
                  ) : (
                    <a href={clipsWith({ site: one.site })}>{say.number(one.clips)}</a>
                  )}
                </td>
                <td>{one.days}</td>
                <td>{one.activeDays}</td>
                <td>{gapOf(one)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function gapOf({ site, runs }: SiteSeason) {
  const gaps = runs.slice(1).map(({ from }, i) => {
    const before = runs[i]?.to ?? from;
    return { from: dayAfter(before), to: from, days: Math.round((Date.parse(from) - Date.parse(before)) / dayMs) - 1 };
  });
  const [longest] = gaps.sort((a, b) => b.days - a.days);
  if (longest === undefined || longest.days < 1) return say.season.effort.noGap;
  const text = say.season.effort.gapFrom(longest.days, say.day(longest.from));
  return longest.days < longGap || site === null ? (
    text
  ) : (
    <a href={clipsWith({ site, from: dayBefore(longest.from), to: dayAfter(longest.to), sort: 'time' })}>{text}</a>
  );
}

/** The clips before and after a gap show why. */
function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - dayMs).toISOString().slice(0, 10);
}
