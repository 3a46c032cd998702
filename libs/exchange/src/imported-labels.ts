import { join } from 'node:path';
import { ClassNames, isBlankClass } from '@primatrix/dataset';
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
 * @throws ExchangeError where no clip has a label, or one is blank and shows something; DatasetError where a class has
 *   a name that the reader of `train_labels.csv` refuses
 */
export async function writeDatasetTables(folder: string, clips: readonly LabelledClip[]): Promise<readonly string[]> {
  const names = new ClassNames();
  for (const clip of clips) clip.classes.forEach((name) => names.add(name.normalize('NFC')));
  const classes = names.sorted();
  if (classes.length === 0) {
    throw new ExchangeError('EXCHANGE_EMPTY', 'no clip has a label that can be used', 'label some clips first');
  }
  const labelled = clips.filter((clip) => clip.classes.length > 0);
  const labels = labelled.map(({ filename, classes: given }) => {
    const shown = new Set(given.map((name) => name.normalize('NFC')));
    if (shown.size > 1 && [...shown].some(isBlankClass)) {
      throw new ExchangeError(
        'EXCHANGE_VALUE',
        `${filename} is ${[...shown].join(' and ')}: a blank clip shows nothing else`,
        'look at the clip again',
      );
    }
    return [filename, ...classes.map((name) => (shown.has(name) ? '1' : '0'))];
  });
  // Not before all is known to be writable.
  await makeFolder(folder);
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
