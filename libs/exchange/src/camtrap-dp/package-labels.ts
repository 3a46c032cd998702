import { basename } from 'node:path';
import {
  ClassNames,
  clipName,
  decimalNumber,
  instantOf as instantOfTime,
  isBlankClass,
  isInside,
  statedTime,
} from '@primatrix/dataset';
import { knownPlace } from '../clip-origins.ts';
import { parseCaptureTime } from '../capture-time/capture-time.ts';
import { cellError, ExchangeError } from '../exchange-error.ts';
import type { ImportedLabels, LabelledClip } from '../imported-labels.ts';
import type { TaxonTable } from '../taxa.ts';
import { classesOfTags, filenameOf } from './camtrap-dp.ts';
import { EventsByTime, type LabelledEvent } from './events-by-time.ts';
import type { CamtrapPackage, ReadRow } from './read-package.ts';

/** Observations that name no taxon: their type is their class. */
const typesThatAreClasses: ReadonlySet<string> = new Set(['blank', 'human', 'vehicle']);

/**
 * Human observations of a package as labels of its media. A class is what its tag `class:` names, else what `taxa` has for
 * the scientific name, else the scientific name itself; blank, human and vehicle are classes of their own. Event-based
 * observations count for the media of the deployment within the event that have no media-based one. Sites are location names (else
 * location identifiers, else deployments); times are the media's. Machine, unknown and unclassified observations are no labels.
 * @throws ExchangeError naming line, column and value of the first fault
 */
export function labelsFromPackage({ tables }: CamtrapPackage, taxa?: TaxonTable): ImportedLabels {
  const deployments = new Map(tables.deployments.rows.map((row) => [row.get('deploymentID'), row]));
  const machine = tables.observations.rows.filter((row) => row.get('classificationMethod') === 'machine').length;
  let unnamed = 0;
  let contradicted = 0;
  const names = new ClassNames();
  const byMedia = new Map<string, Set<string>>();
  const events = new Map<string, LabelledEvent[]>();
  for (const row of tables.observations.rows) {
    if (row.get('classificationMethod') === 'machine') continue;
    const name = className(row, taxa);
    if (name === undefined) {
      unnamed++;
      continue;
    }
    names.add(name, { file: row.file, line: row.line, column: 'scientificName', value: row.get('scientificName') });
    const mediaID = row.get('mediaID');
    if (mediaID !== '') addTo(byMedia, mediaID, () => new Set<string>()).add(name);
    else {
      addTo(events, row.get('deploymentID'), () => []).push({
        start: instantOf(row, 'eventStart'),
        end: instantOf(row, 'eventEnd'),
        name,
      });
    }
  }
  const byTime = new Map([...events].map(([deployment, list]) => [deployment, new EventsByTime(list)]));
  const clips = tables.media.rows.map((row): LabelledClip => {
    const deployment = deployments.get(row.get('deploymentID')) as ReadRow;
    const at = instantOf(row, 'timestamp');
    const labels = [
      ...(byMedia.get(row.get('mediaID')) ?? byTime.get(row.get('deploymentID'))?.namesAt(at) ?? []),
    ].sort();
    const shown = labels.filter((name) => !isBlankClass(name));
    if (shown.length > 0 && shown.length < labels.length) contradicted++;
    return {
      filename: nameOf(row),
      // What shows an animal is not blank, whatever another observation of it said: of the same clip, or of an event
      // beside it.
      classes: shown.length > 0 ? shown : labels,
      site: deployment.get('locationName') || deployment.get('locationID') || row.get('deploymentID'),
      coordinates: coordinatesOf(deployment),
      time: at === unknownInstant ? null : parseCaptureTime(row.get('timestamp'), 'package'),
    };
  });
  const files = withOneNameEach(clips, tables.media);
  const unlabelled = files.filter(({ classes }) => classes.length === 0).length;
  return {
    clips: files,
    warnings: [
      ...(machine > 0 ? [`${machine} observations by machines are no labels`] : []),
      ...(unnamed > 0
        ? [`${unnamed} observations say nothing of what was seen (unknown, unclassified, or without a name)`]
        : []),
      ...(contradicted > 0
        ? [
            `${contradicted} media files are called blank by one observation and not by another: they count as what they show`,
          ]
        : []),
      ...(unlabelled > 0 ? [`${unlabelled} of ${files.length} media files have no label`] : []),
    ],
  };
}

/** Stands for an unknown capture time in packages of ours. */
const unknownInstant = 0;

function addTo<V>(map: Map<string, V>, key: string, make: () => V): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}

function className(row: ReadRow, taxa: TaxonTable | undefined): string | undefined {
  const type = row.get('observationType');
  if (type === 'unknown' || type === 'unclassified') return undefined;
  const scientificName = row.get('scientificName');
  const [tagged, second] = classesOfTags(row.get('observationTags'));
  if (second !== undefined) {
    throw cellError(
      'EXCHANGE_VALUE',
      'names several classes',
      { file: row.file, line: row.line, column: 'observationTags', value: row.get('observationTags') },
      'an observation is of one class: write one for each',
    );
  }
  return (
    tagged ??
    (typesThatAreClasses.has(type) ? type : undefined) ??
    classOfTaxon(row, scientificName, taxa) ??
    (scientificName || undefined)
  );
}

/** @throws ExchangeError where several classes stand for the taxon: which of them is meant, nobody said */
function classOfTaxon(row: ReadRow, scientificName: string, taxa: TaxonTable | undefined): string | undefined {
  const [only, second] = taxa?.classesOf(scientificName) ?? [];
  if (second === undefined) return only;
  throw cellError(
    'EXCHANGE_VALUE',
    `several classes stand for it: ${taxa?.classesOf(scientificName).join(', ')}`,
    { file: row.file, line: row.line, column: 'scientificName', value: scientificName },
    'keep one of them in the table given with --taxa',
  );
}

/** Milliseconds since 1970; the same on machines of all zones. */
function instantOf(row: ReadRow, column: string): number {
  const value = row.get(column);
  const time = statedTime(value);
  if (time === undefined || time.zone === null) {
    throw cellError(
      'EXCHANGE_VALUE',
      'must be a time with its zone',
      { file: row.file, line: row.line, column, value },
      'the standard writes 2020-03-01T22:00:00Z or 2020-03-01T22:00:00+02:00',
    );
  }
  return instantOfTime(time);
}

function coordinatesOf(deployment: ReadRow): LabelledClip['coordinates'] {
  const degrees = (column: string, limit: number): number => {
    const value = deployment.get(column);
    const number = decimalNumber(value);
    if (Math.abs(number) <= limit) return number;
    throw cellError(
      'EXCHANGE_VALUE',
      `must be degrees from -${limit} to ${limit}`,
      { file: deployment.file, line: deployment.line, column, value },
      'write decimal degrees with a point, for example -1.95',
    );
  };
  const coordinates = knownPlace({ latitude: degrees('latitude', 90), longitude: degrees('longitude', 180) });
  // A circle around the whole earth says that nobody knows.
  return Number(deployment.get('coordinateUncertainty')) > 10_000_000 ? null : coordinates;
}

/** The relative path; of media that lie elsewhere, their name in a folder of their deployment. */
function nameOf(row: ReadRow): string {
  const path = row.get('filePath');
  const remote = /^[a-z][a-z0-9+.-]*:\/\//i.test(path);
  if (remote && !URL.canParse(path)) {
    throw cellError(
      'EXCHANGE_VALUE',
      'must be a path or a whole address',
      { file: row.file, line: row.line, column: 'filePath', value: path },
      'correct the address',
    );
  }
  const name = clipName(
    remote ? `${row.get('deploymentID')}/${row.get('fileName') || basename(new URL(path).pathname)}` : filenameOf(path),
  );
  if (!isInside(name)) {
    throw cellError(
      'EXCHANGE_VALUE',
      'must be a relative path that stays in its folder',
      { file: row.file, line: row.line, column: 'filePath', value: path },
      'correct the path',
    );
  }
  return name;
}

/** Cameras count anew on each card: names that appear twice get their media's identifier in front. */
function withOneNameEach(
  clips: readonly LabelledClip[],
  { file, rows }: CamtrapPackage['tables']['media'],
): LabelledClip[] {
  const uses = new Map<string, number>();
  for (const { filename } of clips) uses.set(filename, (uses.get(filename) ?? 0) + 1);
  const named = clips.map((clip, i) => {
    const row = rows[i] as ReadRow;
    const remote = row.get('filePath').includes('://');
    if (uses.get(clip.filename) === 1) return clip;
    if (!remote) {
      throw cellError(
        'EXCHANGE_VALUE',
        'is the path of two media',
        { file: row.file, line: row.line, column: 'filePath', value: row.get('filePath') },
        'keep one row a file',
      );
    }
    return { ...clip, filename: clip.filename.replace(/[^/]*$/, (base) => `${row.get('mediaID')}-${base}`) };
  });
  if (new Set(named.map(({ filename }) => filename)).size < named.length) {
    throw new ExchangeError(
      'EXCHANGE_VALUE',
      `${file}: media files cannot be told apart by name`,
      'give them different file names',
    );
  }
  return named;
}
