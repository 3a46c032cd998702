import { readFile } from 'node:fs/promises';
import { jsonOf } from '@primatrix/contracts';
import { z } from 'zod';
import type { Coordinates } from '../clip-origins.ts';
import { ExchangeError } from '../exchange-error.ts';
import { camtrapProfile, camtrapTables, tableSchemaUrl } from './camtrap-dp.ts';

const object = z.record(z.string(), z.json());

/** Properties of `datapackage.json` that only people know: title, contributors, project, licences and the like. */
export type PackageProperties = z.infer<typeof object>;

/** What is known of a package besides its tables. */
export interface PackageFacts {
  readonly places: readonly Coordinates[];
  readonly span: { readonly start: string; readonly end: string };
  readonly taxa: readonly {
    readonly scientificName: string;
    readonly rank: string | null;
    readonly className: string;
  }[];
  /** ISO 8601 with zone. */
  readonly created: string;
  readonly software: { readonly title: string; readonly version: string };
  readonly caveats: readonly string[];
}

/** These follow from the tables and cannot be given. */
const ours = ['resources', 'profile', 'spatial', 'temporal', 'taxonomic'];

/**
 * Reads properties for `datapackage.json`.
 * @throws ExchangeError where the file is no JSON object, or gives what the tables tell
 */
export async function readPackageProperties(path: string): Promise<PackageProperties> {
  let properties: PackageProperties;
  try {
    properties = object.parse(jsonOf(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new ExchangeError(
      'EXCHANGE_FILE',
      `${path}: must be a JSON object with properties of datapackage.json`,
      'for example {"title": "...", "contributors": [{"title": "..."}], "project": {"title": "...", "samplingDesign": "targeted"}}',
      { cause },
    );
  }
  const wrong = ours.find((name) => Object.hasOwn(properties, name));
  if (wrong !== undefined) {
    throw new ExchangeError(
      'EXCHANGE_VALUE',
      `${path}: "${wrong}" follows from the predictions and cannot be given`,
      `leave out ${ours.join(', ')}`,
    );
  }
  return properties;
}

/** `datapackage.json`. What the standard requires and nobody said has a value that claims as little as can be. */
export function packageDescriptor(facts: PackageFacts, given: PackageProperties = {}): PackageProperties {
  const { places, span, created, software, caveats } = facts;
  const { project = {}, description, ...rest } = given;
  const described = [...(typeof description === 'string' ? [description] : []), ...caveats].join('\n\n');
  return {
    resources: camtrapTables.map((name) => ({
      name,
      path: `${name}.csv`,
      profile: 'tabular-data-resource',
      format: 'csv',
      mediatype: 'text/csv',
      encoding: 'utf-8',
      schema: tableSchemaUrl(name),
    })),
    profile: camtrapProfile,
    created,
    contributors: [{ title: 'Not stated', role: 'contributor' }],
    sources: [{ ...software }],
    ...(described === '' ? {} : { description: described }),
    ...rest,
    project: {
      title: 'Not stated',
      samplingDesign: 'opportunistic',
      captureMethod: ['activityDetection'],
      individualAnimals: false,
      observationLevel: ['media'],
      ...(project as PackageProperties),
    },
    spatial: spatialOf(places),
    temporal: { start: span.start.slice(0, 10), end: span.end.slice(0, 10) },
    taxonomic: facts.taxa.map(({ scientificName, rank, className }) => ({
      scientificName,
      ...(rank === null ? {} : { taxonRank: rank }),
      vernacularNames: { eng: className },
    })),
  };
}

/** What people should say of their package, where they did not. */
export function unstatedProperties(given: PackageProperties = {}): string[] {
  const project = (given['project'] ?? {}) as PackageProperties;
  return [
    ...(given['contributors'] === undefined ? ['contributors'] : []),
    ...['title', 'samplingDesign', 'captureMethod']
      .filter((name) => project[name] === undefined)
      .map((name) => `project.${name}`),
  ];
}

function spatialOf(places: readonly Coordinates[]): z.infer<ReturnType<typeof z.json>> {
  const latitudes = places.map(({ latitude }) => latitude);
  const longitudes = places.map(({ longitude }) => longitude);
  const around = (values: readonly number[], whole: number) =>
    (values.length === 0
      ? [-whole, whole]
      : [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))]) as [number, number];
  const [south, north] = around(latitudes, 90);
  const [west, east] = around(longitudes, 180);
  if (south === north && west === east) return { type: 'Point', coordinates: [west, south] };
  return {
    type: 'Polygon',
    coordinates: [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  };
}
