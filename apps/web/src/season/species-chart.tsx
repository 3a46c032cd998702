import { cellChart } from '@primatrix/charts';
import type { Season } from '@primatrix/review-api';
import { Chart } from './chart.tsx';
import { clipsWith, noSite } from './clips-with.ts';
import { say } from '../language/language.ts';
import { speciesName } from '../shell/words.ts';

/** How many clips of each site show each species. */
export function SpeciesChart({ season: { species, sites } }: { readonly season: Season }) {
  if (species.length === 0) return <p className="hint">{say.season.noAnimal}</p>;
  const names = sites.map(({ site }) => site ?? noSite);
  const shown = sites.map(({ site }) => site ?? say.names.noSite);
  const title = say.season.bySpecies;
  const cells = species.flatMap(({ species: name, bySite }, row) =>
    bySite.flatMap((value, column) => {
      const site = sites[column]?.site ?? null;
      return value === 0
        ? []
        : [{ row, column, value, href: site === null ? undefined : clipsWith({ species: name, site }) }];
    }),
  );
  return (
    <Chart
      title={title}
      name="species-by-site"
      chart={cellChart(
        species.map(({ species: name }) => speciesName(name)),
        shown,
        cells,
        { title },
      )}
      table={[['species', ...names], ...species.map(({ species: name, bySite }) => [name, ...bySite])]}
    />
  );
}
