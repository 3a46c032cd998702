import { placeMap } from '@primatrix/charts';
import type { Season } from '@primatrix/review-api';
import { Chart } from './chart.tsx';
import { say } from '../language/language.ts';

/** Where the cameras stood, drawn from their coordinates alone. */
export function SiteMap({ season: { sites } }: { readonly season: Season }) {
  const places = sites.flatMap(({ site, coordinates, clips }) =>
    coordinates === null ? [] : [{ label: site ?? say.names.noSite, ...coordinates, value: clips }],
  );
  if (places.length === 0) {
    return <p className="hint">{say.season.map.none(<a href="#/deployments">{say.app.sites}</a>)}</p>;
  }
  const { title } = say.season.map;
  return (
    <Chart
      title={title}
      name="map"
      chart={placeMap(places, { title })}
      table={[
        ['site', 'latitude', 'longitude', 'clips'],
        ...places.map(({ label, latitude, longitude, value }) => [label, latitude, longitude, value]),
      ]}
    />
  );
}
