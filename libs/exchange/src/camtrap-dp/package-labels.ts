import { basename } from 'node:path';
import { clipName, isInside } from '@primatrix/dataset';
import { parseCaptureTime } from '../capture-time/capture-time.ts';
import { cellError, ExchangeError } from '../exchange-error.ts';
import type { ImportedLabels, LabelledClip } from '../imported-labels.ts';
import type { TaxonTable } from '../taxa.ts';
import { classOfTags, filenameOf } from './camtrap-dp.ts';
import { EventsByTime, type LabelledEvent } from './events-by-time.ts';
import type { CamtrapPackage, ReadRow } from './read-package.ts';

/** Classes of observations that name no taxon. */
const classOfType: Readonly<Record<string, string>> = { blank: 'blank', human: 'human', vehicle: 'vehicle' };

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
  const byMedia = new Map<string, Set<string>>();
  const events = new Map<string, LabelledEvent[]>();
  for (const row of tables.observations.rows) {
    if (row.get('classificationMethod') === 'machine') continue;
    const name = className(row, taxa);
    if (name === undefined) {
      unnamed++;
      continue;
    }
    const mediaID = row.get('mediaID');
    if (mediaID !== '') addTo(byMedia, mediaID, () => new Set<string>()).add(name);
    else {
      addTo(events, row.get('deploymentID'), () => []).push({
        start: instantOf(row, 'eventStart', tables.observations.file),
        end: instantOf(row, 'eventEnd', tables.observations.file),
        name,
      });
    }
  }
  const byTime = new Map([...events].map(([deployment, list]) => [deployment, new EventsByTime(list)]));
  const clips = tables.media.rows.map((row): LabelledClip => {
    const deployment = deployments.get(row.get('deploymentID')) as ReadRow;
    const at = instantOf(row, 'timestamp', tables.media.file);
    const labels = [
      ...(byMedia.get(row.get('mediaID')) ?? byTime.get(row.get('deploymentID'))?.namesAt(at) ?? []),
    ].sort();
    return {
      filename: nameOf(row, tables.media.file),
      // What shows an animal is not blank, whatever another observation of it said.
      classes: labels.length > 1 ? labels.filter((name) => name !== 'blank') : labels,
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
  return (
    classOfTags(row.get('observationTags')) ??
    classOfType[type] ??
    taxa?.classOf(scientificName) ??
    (scientificName || undefined)
  );
}

function instantOf(row: ReadRow, column: string, file: string): number {
  const value = row.get(column);
  const instant = parseCaptureTime(value, 'package') === null ? Number.NaN : Date.parse(value);
  if (Number.isNaN(instant)) {
    throw cellError(
      'EXCHANGE_VALUE',
      'must be a time with its zone',
      { file, line: row.line, column, value },
      'the standard writes 2020-03-01T22:00:00Z or 2020-03-01T22:00:00+02:00',
    );
  }
  return instant;
}

function coordinatesOf(deployment: ReadRow): LabelledClip['coordinates'] {
  const [latitude, longitude] = [Number(deployment.get('latitude')), Number(deployment.get('longitude'))];
  // A circle around the whole earth says that nobody knows.
  return Number(deployment.get('coordinateUncertainty')) > 10_000_000 || Number.isNaN(latitude + longitude)
    ? null
    : { latitude, longitude };
}

/** The relative path; of media that lie elsewhere, their name in a folder of their deployment. */
function nameOf(row: ReadRow, file: string): string {
  const path = row.get('filePath');
  const remote = /^[a-z][a-z0-9+.-]*:\/\//i.test(path);
  const name = clipName(
    remote ? `${row.get('deploymentID')}/${row.get('fileName') || basename(new URL(path).pathname)}` : filenameOf(path),
  );
  if (!isInside(name)) {
    throw cellError(
      'EXCHANGE_VALUE',
      'must be a relative path that stays in its folder',
      { file, line: row.line, column: 'filePath', value: path },
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
        { file, line: row.line, column: 'filePath', value: row.get('filePath') },
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
