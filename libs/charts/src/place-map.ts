import { chartFrame, type ChartOptions } from './chart-frame.ts';
import { brand, line, paper, soft } from './colours.ts';
import { html, type Html } from './html.ts';
import { shortened } from './shortened.ts';

/** Something at a place; decimal degrees, WGS84. */
export interface Place {
  readonly label: string;
  readonly latitude: number;
  readonly longitude: number;
  /** The area of its circle. */
  readonly value: number;
}

const width = 640;
const margin = 60;
const least = 240;
const most = 560;
/** A single place is shown in so many degrees. */
const smallest = 0.01;
const metresADegree = 111_195;

/** Places by their coordinates alone, north above, with a scale: nothing is asked for from anywhere. */
export function placeMap(places: readonly Place[], { title }: ChartOptions): Html {
  const latitudes = places.map(({ latitude }) => latitude);
  const longitudes = places.map(({ longitude }) => longitude);
  const middle = { latitude: mid(latitudes), longitude: mid(longitudes) };
  // Degrees of longitude are shorter away from the equator.
  const squeeze = Math.max(0.05, Math.cos((middle.latitude * Math.PI) / 180));
  const wide = Math.max(smallest, span(longitudes) * squeeze);
  const high = Math.max(smallest, span(latitudes));
  const inner = width - 2 * margin;
  const pixels = Math.min(inner / wide, (most - 2 * margin) / high);
  const height = Math.max(least, Math.round(high * pixels + 2 * margin));
  const x = (longitude: number) => round(width / 2 + (longitude - middle.longitude) * squeeze * pixels);
  const y = (latitude: number) => round(height / 2 - (latitude - middle.latitude) * pixels);
  const largest = Math.max(1, ...places.map(({ value }) => value));
  const bar = niceLength((0.25 * inner * metresADegree) / pixels);
  const barPixels = round((bar / metresADegree) * pixels);
  return chartFrame(
    title,
    width,
    height,
    html`<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" fill="${paper}" stroke="${line}"/>
${places.map(({ label, latitude, longitude, value }) => html`<circle cx="${x(longitude)}" cy="${y(latitude)}" r="${round(4 + 14 * Math.sqrt(value / largest))}" fill="${brand}" fill-opacity="0.55" stroke="${brand}"/><text x="${x(longitude)}" y="${y(latitude) - 20}" text-anchor="middle">${shortened(label, 20)}</text>`)}
<g fill="${soft}" stroke="none"><rect x="12" y="${height - 18}" width="${barPixels}" height="4"/><text x="12" y="${height - 24}">${bar >= 1000 ? `${bar / 1000} km` : `${bar} m`}</text><text x="${width - 20}" y="22" text-anchor="middle">N</text><path d="M${width - 20} 28l5 14l-5 -4l-5 4z"/></g>`,
  );
}

const mid = (values: readonly number[]) => (Math.min(...values) + Math.max(...values)) / 2;
const span = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
const round = (value: number) => Math.round(value * 10) / 10;

/** The largest of 1, 2 or 5 times a power of ten that is no longer. */
function niceLength(metres: number): number {
  const power = 10 ** Math.floor(Math.log10(metres));
  return power * ([5, 2, 1].find((factor) => factor * power <= metres) ?? 1);
}
