import { placeMap } from '@primatrix/charts';
import type { Season } from '@primatrix/review-api';
import { Chart } from './chart.tsx';
import { noSite } from './clips-with.ts';

/** Where the cameras stood, drawn from their coordinates alone. */
export function SiteMap({ season: { sites } }: { readonly season: Season }) {
  const places = sites.flatMap(({ site, coordinates, clips }) =>
    coordinates === null ? [] : [{ label: site ?? noSite, ...coordinates, value: clips }],
  );
  if (places.length === 0) {
    return (
      <p className="hint">
        No site has coordinates yet: add them under <a href="#/deployments">Sites</a>, or in clips.csv.
      </p>
    );
  }
  const title = 'Sites by coordinates; larger circles have more clips';
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
