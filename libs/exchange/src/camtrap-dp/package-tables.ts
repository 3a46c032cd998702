import { basename } from 'node:path';
import type { Sighting } from '@primatrix/contracts';
import { groupEvents } from '@primatrix/dataset';
import type { CaptureTime, TimeSource } from '../capture-time/capture-time.ts';
import { zonedTimestamp, type TimeZone } from '../capture-time/time-zone.ts';
import type { ClipRecord } from '../clip-record.ts';
import type { ClipReview, ReviewedAnimals } from '../reviewed-clip.ts';
import type { Coordinates } from '../clip-origins.ts';
import { decideClasses } from '../decide-classes.ts';
import { mediaType } from '../media-facts.ts';
import type { TaxonTable } from '../taxa.ts';
import { packageWarnings } from './package-warnings.ts';
import { seenSegments } from './seen-segments.ts';
import { filePathOf, identifierOf, tagOfClass, type CamtrapRow, type CamtrapTable } from './camtrap-dp.ts';

/** How predictions become observations. */
export interface CamtrapSettings {
  readonly taxa: TaxonTable;
  /** Least probability of a class that is observed, 0 to 1. */
  readonly threshold: number;
  /** Of the cameras' clocks, for times that state none. */
  readonly timeZone?: TimeZone | undefined;
  /** Who classified: name and version. */
  readonly classifiedBy: string;
  /** ISO 8601 with zone; left out where it is not known. */
  readonly classifiedAt?: string | undefined;
  /** Minutes without a clip that end an event; default 30. */
  readonly eventGapMinutes?: number | undefined;
}

/** Rows of the three tables, and what the package says as a whole. */
export interface PackageTables {
  readonly rows: Readonly<Record<CamtrapTable, readonly CamtrapRow[]>>;
  /** Of the deployments where they are known. */
  readonly places: readonly Coordinates[];
  /** First and last moment, with zones. */
  readonly span: { readonly start: string; readonly end: string };
  /** What had to be assumed: sentences for people. */
  readonly warnings: readonly string[];
}

/** Times are required: one that nobody can take for a real one stands for those that are not known. */
const noTime: CaptureTime = { local: '1970-01-01T00:00:00', zone: 'Z', dayOnly: false, source: 'table' };
/** Half the circumference of the earth, metres: a circle of this radius around 0, 0 holds every place there is. */
const anywhere = 20_037_508;

const sources: Readonly<Record<TimeSource, string>> = {
  table: 'table',
  container: 'container metadata',
  'file-name': 'file name',
  package: 'data package',
  stamp: 'the stamp in the picture',
  'file-date': 'the date of the file, which copies change',
};

interface PlacedClip {
  readonly record: ClipRecord;
  readonly mediaID: string;
  /** Of the event's first clip. */
  eventID: string;
  readonly start: string;
  readonly end: string;
  readonly timeNote: string;
}

/**
 * Media-based observations of whole clips: `eventStart` and `eventEnd` are the clip's, and clips of one event share its
 * `eventID`, as in the standard's example. Every clip is in `media` and has at least one observation; where a detector looked, one a segment in which it saw something of that class's group, with times in the clip,
 * the highest number at once and the surest box. Failed clips are unclassified, and those whose likeliest class stays below the threshold unknown. Where a
 * person decided, the observations are that person's alone, one a species.
 */
export function packageTables(
  records: readonly ClipRecord[],
  classes: readonly string[],
  settings: CamtrapSettings,
): PackageTables {
  // Clips of unknown time stand in a deployment of their own, lest they stretch another by decades. So do those of
  // another place at the same site: a deployment has one.
  const placesOf = placesBySite(records);
  const groups = new Map<string, PlacedClip[]>();
  for (const record of records) {
    const several = (placesOf.get(record.site)?.size ?? 0) > 1;
    const key = JSON.stringify([
      record.site,
      record.time !== null,
      ...(several ? [record.coordinates === null ? null : placeKey(record.coordinates)] : []),
    ]);
    const clip = placed(record, settings.timeZone);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [clip]);
    else group.push(clip);
  }
  const rows: Record<CamtrapTable, CamtrapRow[]> = { deployments: [], media: [], observations: [] };
  const places: Coordinates[] = [];
  for (const [key, clips] of groups) {
    const [site, dated, place] = JSON.parse(key) as [string | null, boolean, (string | null)?];
    const deploymentID = identifierOf('deployment', key);
    const coordinates = clips.map(({ record }) => record.coordinates).find((found) => found !== null) ?? null;
    if (coordinates !== null) places.push(coordinates);
    const locationID = identifierOf('location', site ?? '', ...(place === undefined ? [] : [place ?? '']));
    rows.deployments.push(
      deploymentRow({ deploymentID, locationID, site, dated, coordinates, clips }, settings.timeZone),
    );
    if (dated) nameEvents(clips, settings.eventGapMinutes);
    for (const clip of clips) {
      rows.media.push(mediaRow(deploymentID, clip));
      rows.observations.push(...observationRows(deploymentID, clip, classes, settings));
    }
  }
  const all = [...groups.values()].flat();
  const known = all.filter(({ record }) => record.time !== null);
  return {
    rows,
    places,
    span: spanOf(known.length > 0 ? known : all),
    warnings: [...severalPlaces(placesOf), ...packageWarnings(records, classes, settings, groups.size, places.length)],
  };
}

function placed(record: ClipRecord, zone: TimeZone | undefined): PlacedClip {
  const { time, media, filename } = record;
  const mediaID = identifierOf('media', filename);
  const start = zonedTimestamp(time ?? noTime, zone);
  const end = zonedTimestamp(time ?? noTime, zone, media?.durationSeconds ?? 0);
  const clip = { record, mediaID, eventID: mediaID, start, end };
  if (time === null) return { ...clip, timeNote: 'capture time unknown: 1970 stands for it' };
  const notes = [`capture time from ${sources[time.source]}`];
  if (time.dayOnly) notes.push('only the day is known');
  if (time.zone === null) {
    notes.push(zone === undefined ? 'zone unknown, written as if UTC' : `zone ${zone.name} as told`);
  }
  return { ...clip, timeNote: notes.join('; ') };
}

/** Clips of a deployment that were taken without a long pause are of one event. Where only the day is known, nothing is known of pauses. */
function nameEvents(clips: readonly PlacedClip[], gapMinutes: number | undefined): void {
  const timed = clips
    .filter(({ record: { time } }) => time?.dayOnly === false)
    .map((clip) => ({ clip, site: '', start: Date.parse(clip.start), end: Date.parse(clip.end) }));
  for (const { clips: inside } of groupEvents(timed, gapMinutes)) {
    for (const { clip } of inside) clip.eventID = inside[0].clip.mediaID;
  }
}

const placeKey = ({ latitude, longitude }: Coordinates) => `${latitude},${longitude}`;

/** Where the clips of each site lie: one place, mostly. */
function placesBySite(records: readonly ClipRecord[]): ReadonlyMap<string | null, ReadonlySet<string>> {
  const places = new Map<string | null, Set<string>>();
  for (const { site, coordinates } of records) {
    if (coordinates === null) continue;
    const known = places.get(site) ?? new Set();
    places.set(site, known.add(placeKey(coordinates)));
  }
  return places;
}

function severalPlaces(placesOf: ReadonlyMap<string | null, ReadonlySet<string>>): string[] {
  // Clips without a site may lie anywhere.
  const sites = [...placesOf].filter(([site, places]) => site !== null && places.size > 1);
  const named = sites.slice(0, 3).map(([site, places]) => `${site} (${[...places].slice(0, 3).join('; ')})`);
  return sites.length === 0
    ? []
    : [
        `${sites.length} of the sites have several places, and each place is a deployment of its own: ${named.join(', ')}${sites.length > 3 ? ', ...' : ''}`,
      ];
}

interface Deployment {
  readonly deploymentID: string;
  readonly locationID: string;
  readonly site: string | null;
  readonly dated: boolean;
  readonly coordinates: Coordinates | null;
  readonly clips: readonly PlacedClip[];
}

function deploymentRow(
  { deploymentID, locationID, site, dated, coordinates, clips }: Deployment,
  zone: TimeZone | undefined,
): CamtrapRow {
  const { start, end } = spanOf(clips);
  const uncertain = clips.some(
    ({ record: { time } }) =>
      time === null || time.dayOnly || time.source === 'file-date' || (time.zone === null && zone === undefined),
  );
  const comments = [
    dated ? 'start and end are those of its clips' : 'clips of unknown capture time',
    ...(coordinates === null ? ['location unknown: 0, 0 with an uncertainty that covers the earth stands for it'] : []),
  ];
  return {
    deploymentID,
    locationID,
    locationName: site ?? undefined,
    latitude: String(coordinates?.latitude ?? 0),
    longitude: String(coordinates?.longitude ?? 0),
    coordinateUncertainty: coordinates === null ? String(anywhere) : undefined,
    deploymentStart: start,
    deploymentEnd: end,
    timestampIssues: String(uncertain),
    deploymentComments: comments.join('; '),
  };
}

function mediaRow(
  deploymentID: string,
  { record: { filename, media, outcome, note, packed }, mediaID, start, timeNote }: PlacedClip,
): CamtrapRow {
  const path = packed?.name ?? filename;
  return {
    mediaID,
    deploymentID,
    timestamp: start,
    filePath: filePathOf(path),
    // Unless the package holds copies that anybody may see: people may be in them.
    filePublic: String(packed?.isPublic ?? false),
    fileName: basename(path),
    fileMediatype: mediaType(path, media?.kind ?? null),
    mediaComments: [
      timeNote,
      ...(outcome.status === 'ok' ? [] : [`${outcome.status}: ${faultText(outcome)}`]),
      ...(packed === undefined || packed.note === '' ? [] : [packed.note]),
      ...(note === undefined || note === '' ? [] : [oneLine(note)]),
    ].join('; '),
  };
}

function observationRows(
  deploymentID: string,
  { record, mediaID, eventID, start, end }: PlacedClip,
  classes: readonly string[],
  settings: CamtrapSettings,
): CamtrapRow[] {
  const row = (number: number, rest: CamtrapRow): CamtrapRow => ({
    observationID: `${mediaID}-${number}`,
    deploymentID,
    mediaID,
    eventID,
    eventStart: start,
    eventEnd: end,
    observationLevel: 'media',
    ...rest,
  });
  const { probabilities, outcome, review } = record;
  if (review !== undefined) return reviewedRows(review, record, settings).map((rest, i) => row(i + 1, rest));
  if (probabilities === null) {
    return [row(1, { observationType: 'unclassified', observationComments: faultText(outcome) })];
  }
  const { classifiedBy, classifiedAt, taxa, threshold } = settings;
  const classified = (probability: number): CamtrapRow => ({
    classificationMethod: 'machine',
    classifiedBy,
    classificationTimestamp: classifiedAt,
    classificationProbability: decimal(probability),
  });
  const decision = decideClasses(probabilities, classes, taxa, threshold);
  if (decision.classes.length === 0) {
    const { index, probability } = decision.top;
    return [
      row(1, {
        observationType: 'unknown',
        ...classified(probability),
        observationComments: `no class reaches ${threshold}; likeliest: ${classes[index]}`,
      }),
    ];
  }
  return decision.classes
    .flatMap(({ index, probability }) => {
      const name = classes[index] as string;
      const { type, scientificName } = taxa.of(name);
      const observation: CamtrapRow = {
        observationType: type,
        scientificName: scientificName ?? undefined,
        ...classified(probability),
        observationTags: tagOfClass(name),
      };
      const segments = segmentRows(record, type, settings);
      return segments.length === 0 ? [observation] : segments.map((segment) => ({ ...observation, ...segment }));
    })
    .map((rest, i) => row(i + 1, rest));
}

const groupOfType: ReadonlyMap<string, Sighting['group']> = new Map([
  ['animal', 'animal'],
  ['human', 'person'],
  ['vehicle', 'vehicle'],
]);

/** What a detector adds to an observation: a row a segment; none where no detector looked, or it saw nothing of the kind. */
function segmentRows({ seen, time }: ClipRecord, type: string, { timeZone, threshold }: CamtrapSettings): CamtrapRow[] {
  const group = groupOfType.get(type);
  if (seen === undefined || group === undefined) return [];
  const moment = (seconds: number) => zonedTimestamp(time ?? noTime, timeZone, seconds);
  return seenSegments(seen, group, threshold).map(({ from, to, count, box }) => ({
    ...(from === null || to === null ? {} : { eventStart: moment(from), eventEnd: moment(to) }),
    count: String(count),
    bboxX: decimal(box[0]),
    bboxY: decimal(box[1]),
    bboxWidth: decimal(box[2]),
    bboxHeight: decimal(box[3]),
  }));
}

/**
 * What a person decided stands alone. The standard lets people leave their probability out; `unknown` is what "neither humans nor AI
 * can say".
 */
function reviewedRows(
  { species, observations = [], by, at }: ClipReview,
  clip: Pick<ClipRecord, 'time' | 'media'>,
  { taxa, timeZone }: CamtrapSettings,
): CamtrapRow[] {
  // Whole seconds: the format has no parts of them.
  const classified: CamtrapRow = {
    classificationMethod: 'human',
    classifiedBy: by ?? undefined,
    classificationTimestamp: at?.replace(/\.\d+/, ''),
  };
  if (species.length === 0) {
    return [{ observationType: 'unknown', ...classified, observationComments: 'a person looked, and was unsure' }];
  }
  return species.flatMap((name) => {
    const { type, scientificName } = taxa.of(name);
    const kind: CamtrapRow = {
      observationType: type,
      scientificName: scientificName ?? undefined,
      ...classified,
      observationTags: tagOfClass(name),
    };
    const seen = observations.filter((one) => one.species === name);
    return seen.length === 0 ? [kind] : seen.map((one) => ({ ...kind, ...animalsRow(one, clip, timeZone) }));
  });
}

function animalsRow(
  { count, lifeStage, sex, behaviour, note, from, to }: ReviewedAnimals,
  { time, media }: Pick<ClipRecord, 'time' | 'media'>,
  zone: TimeZone | undefined,
): CamtrapRow {
  const moment = (seconds: number) => zonedTimestamp(time ?? noTime, zone, seconds);
  return {
    ...(from === undefined ? {} : { eventStart: moment(from) }),
    // Nobody said how long a clip is that was not predicted.
    ...(from === undefined && to === undefined
      ? {}
      : { eventEnd: moment(Math.max(from ?? 0, to ?? media?.durationSeconds ?? 0)) }),
    count: count === undefined ? undefined : String(count),
    lifeStage,
    sex,
    behavior: behaviour === undefined ? undefined : oneLine(behaviour),
    observationComments: note === undefined ? undefined : oneLine(note),
  };
}

/** Readers that guess at a table's lines and quotes take neither breaks nor plain apostrophes. */
const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').replaceAll("'", '\u2019');

/** Apostrophes as printers set them: readers that guess at a table's quotes (tableschema-js) take the plain ones for such. */
const faultText = ({ reason, fault }: ClipRecord['outcome']) => `${reason} [${fault}]`.replaceAll("'", '\u2019');

/** Six places: fewer digits than JavaScript writes with an exponent, which not all readers of tables take. */
const decimal = (probability: number) => String(Number(probability.toFixed(6)));

/** Without any clip: the epoch, twice. */
function spanOf(clips: readonly { readonly start: string; readonly end: string }[]): { start: string; end: string } {
  const [one] = clips;
  if (one === undefined) return { start: zonedTimestamp(noTime, undefined), end: zonedTimestamp(noTime, undefined) };
  const first = clips.reduce((a, b) => (Date.parse(b.start) < Date.parse(a.start) ? b : a));
  const last = clips.reduce((a, b) => (Date.parse(b.end) > Date.parse(a.end) ? b : a));
  return { start: first.start, end: last.end };
}
