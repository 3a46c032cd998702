import { barChart } from '@primatrix/charts';
import type { Season } from '@primatrix/review-api';
import { percent } from '../shell/words.ts';
import { Chart } from './chart.tsx';
import { clipsWith, noSite } from './clips-with.ts';
import { say } from '../language/language.ts';

/** How many of the clips of each site show nothing. */
export function BlankChart({ season: { sites } }: { readonly season: Season }) {
  const known = sites.filter((one) => one.known > 0);
  if (known.length === 0) return <p className="hint">{say.season.blank.none}</p>;
  const title = say.season.blank.title;
  return (
    <Chart
      title={title}
      name="blank-by-site"
      chart={barChart(
        known.map(({ site, blank, known: of }) => ({
          label: site ?? say.names.noSite,
          value: blank / of,
          text: percent(blank / of),
          href: site === null ? undefined : clipsWith({ site, blank: 'only' }),
        })),
        { title, highest: 1 },
      )}
      table={[['site', 'clips', 'blank'], ...known.map(({ site, known: of, blank }) => [site ?? noSite, of, blank])]}
    />
  );
}
