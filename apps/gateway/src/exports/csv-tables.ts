import { csvLine } from '@primatrix/files';
import { withoutPath, type ClipRow } from '../clips/clip-row.ts';
import { capturedText, timeOfClip } from '../clips/clip-times.ts';
import { deploymentsOf } from '../clips/deployments.ts';
import { labelTable } from './label-table.ts';
import { observationTable } from './observation-table.ts';

/** A table of clips. */
export interface CsvTable {
  readonly name: string;
  /** For people who read the API's document. */
  readonly summary: string;
  readonly lines: (rows: readonly ClipRow[], classes: readonly string[]) => Iterable<string>;
}

/** All tables that people take with them. */
export const csvTables: readonly CsvTable[] = [
  {
    name: 'train_labels.csv',
    summary: 'Labels of the clips that people have decided: one 0/1 column a species',
    lines: labelTable,
  },
  { name: 'clips.csv', summary: 'Site, time and place of each clip', lines: clipLines },
  {
    name: 'deployments.csv',
    summary: 'Sites with their clips, first and last time, place and zone',
    lines: deploymentLines,
  },
  {
    name: 'predictions.csv',
    summary: 'Probabilities of the ensemble, as primatrix predict writes them',
    lines: predictionLines,
  },
  {
    name: 'observations.csv',
    summary: 'What each clip shows, an observation a row: by people where they decided, else by the model',
    lines: observationTable,
  },
  { name: 'review.csv', summary: 'What was predicted and what people said, side by side', lines: reviewLines },
];

function* clipLines(rows: readonly ClipRow[]): Iterable<string> {
  yield csvLine(['filename', 'site', 'captured_at', 'latitude', 'longitude', 'time_from']);
  for (const row of rows) {
    const { filename, site, coordinates } = row;
    yield csvLine([
      ...[filename, site ?? '', capturedText(row)],
      ...[coordinates?.latitude ?? '', coordinates?.longitude ?? '', timeOfClip(row)?.source ?? ''],
    ]);
  }
}

function* deploymentLines(rows: readonly ClipRow[]): Iterable<string> {
  yield csvLine(['site', 'clips', 'first', 'last', 'latitude', 'longitude', 'time_zone', 'clips_without_time']);
  for (const { site, clips, first, last, coordinates, zone, timeless } of deploymentsOf(rows)) {
    yield csvLine([
      ...[site ?? '', clips, first ?? '', last ?? '', coordinates?.latitude ?? '', coordinates?.longitude ?? ''],
      ...[zone ?? '', timeless],
    ]);
  }
}

function* predictionLines(rows: readonly ClipRow[], classes: readonly string[]): Iterable<string> {
  yield csvLine(['filename', 'status', 'fault', 'reason', 'frames_decoded', 'frames_expected', ...classes]);
  for (const { filename, path, probabilities, outcome } of rows) {
    if (outcome === null) continue;
    const { status, fault, reason, framesDecoded, framesExpected } = withoutPath(outcome, path, filename);
    yield csvLine([
      ...[filename, status, fault ?? '', reason, framesDecoded, framesExpected ?? ''],
      ...classes.map((_, c) => probabilities?.[c] ?? ''),
    ]);
  }
}

function* reviewLines(rows: readonly ClipRow[], classes: readonly string[]): Iterable<string> {
  yield csvLine([
    ...['filename', 'site', 'captured_at', 'predicted', 'probability', 'disagreement'],
    ...['decision', 'species', 'reviewed_at', 'reviewed_by', 'note'],
  ]);
  for (const row of rows) {
    const { filename, site, top, confidence, disagreement, review, note } = row;
    yield csvLine([
      ...[filename, site ?? '', capturedText(row), classes[top] ?? '', top < 0 ? '' : confidence, disagreement ?? ''],
      ...[review?.decision ?? '', review?.species.join('|') ?? '', review?.at ?? '', review?.by ?? '', note],
    ]);
  }
}
