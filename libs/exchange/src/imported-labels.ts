import { join } from 'node:path';
import { guardedCell, makeFolder, writeFileAtomic } from '@primatrix/files';
import { stringify } from 'csv-stringify/sync';
import { captureText, type CaptureTime } from './capture-time/capture-time.ts';
import type { Coordinates } from './clip-origins.ts';
import { ExchangeError } from './exchange-error.ts';

/** A clip that people labelled, or that lacks a label. */
export interface LabelledClip {
  /** Relative, slashes forward. */
  readonly filename: string;
  /** Empty: nobody said what it shows. */
  readonly classes: readonly string[];
  readonly site: string | null;
  readonly coordinates: Coordinates | null;
  readonly time: CaptureTime | null;
}

/** What another tool's file says of clips. */
export interface ImportedLabels {
  readonly clips: readonly LabelledClip[];
  /** What was passed over: sentences for people. */
  readonly warnings: readonly string[];
}

/**
 * Writes `train_labels.csv` (labelled clips; one 0/1 column a class, sorted) and `clips.csv` (all clips: site, capture time, where the
 * time was read, coordinates) into a dataset folder.
 * @returns the classes
 * @throws ExchangeError where no clip has a label
 */
export async function writeDatasetTables(folder: string, clips: readonly LabelledClip[]): Promise<readonly string[]> {
  const classes = [...new Set(clips.flatMap((clip) => clip.classes))].sort();
  if (classes.length === 0) {
    throw new ExchangeError('EXCHANGE_EMPTY', 'no clip has a label that can be used', 'label some clips first');
  }
  await makeFolder(folder);
  const labelled = clips.filter((clip) => clip.classes.length > 0);
  const labels = labelled.map((clip) => [
    clip.filename,
    ...classes.map((name) => (clip.classes.includes(name) ? '1' : '0')),
  ]);
  await writeFileAtomic(join(folder, 'train_labels.csv'), csv([['filename', ...classes], ...labels]));
  const origins = clips.map(({ filename, site, time, coordinates }) => [
    filename,
    site ?? '',
    time === null ? '' : captureText(time),
    time?.source ?? '',
    coordinates === null ? '' : String(coordinates.latitude),
    coordinates === null ? '' : String(coordinates.longitude),
  ]);
  await writeFileAtomic(
    join(folder, 'clips.csv'),
    csv([['filename', 'site', 'captured_at', 'captured_at_source', 'latitude', 'longitude'], ...origins]),
  );
  return classes;
}

function csv(rows: readonly (readonly string[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    { quoted_match: /[\r\n;\t]|^\s|\s$/, cast: { string: guardedCell } },
  );
}
