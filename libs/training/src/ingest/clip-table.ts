import { captureTime, type Dataset } from '@primatrix/dataset';
import type { JsonValue } from '@primatrix/families';
import { writeTable, type TableColumn } from '@primatrix/feature-table';
import { familySet, type Training } from '../plan/training.ts';
import { fileTimes } from './file-times.ts';
import type { IngestedClip } from './ingested-clips.ts';

/** Writes what is known of each clip, for people and for tools that read Parquet. */
export async function writeClipTable(path: string, dataset: Dataset, clips: readonly IngestedClip[]): Promise<void> {
  const known = new Map(dataset.clips.map((clip) => [clip.filename, clip]));
  const text = (name: string, of: (clip: IngestedClip) => string | null | undefined): TableColumn => ({
    name,
    text: clips.map((clip) => of(clip) ?? null),
  });
  const number = (name: string, of: (clip: IngestedClip) => number | null | undefined): TableColumn => ({
    name,
    values: Float64Array.from(clips, (clip) => of(clip) ?? Number.NaN),
  });
  const columns = [
    text('split', (clip) => clip.split),
    text('fault', (clip) => clip.fault),
    text('reason', (clip) => (clip.reason === '' ? null : clip.reason)),
    text('site', (clip) => known.get(clip.filename)?.site),
    text('captured_at', (clip) => capturedAt(known.get(clip.filename)?.capturedAt) ?? clip.metadata?.capturedAt),
    text('sha256', (clip) => clip.metadata?.sha256),
    text('container', (clip) => clip.metadata?.container),
    text('video_codec', (clip) => clip.metadata?.videoCodec),
    number('bytes', (clip) => clip.metadata?.bytes),
    number('width', (clip) => clip.metadata?.width),
    number('height', (clip) => clip.metadata?.height),
    number('fps', (clip) => clip.metadata?.fps),
    number('frames', (clip) => clip.metadata?.frames),
    number('duration_seconds', (clip) => clip.metadata?.durationSeconds),
    text('audio_codec', (clip) => clip.metadata?.audio?.codec),
    number('audio_sample_rate', (clip) => clip.metadata?.audio?.sampleRate),
    number('audio_samples', (clip) => clip.metadata?.audio?.samples),
  ];
  await writeTable(path, { keys: clips.map((clip) => clip.filename), columns });
}

/** Writes the metadata family's columns, one row for each clip that could be probed; gives what they compare clips with. */
export async function writeMetadataColumns(
  path: string,
  training: Training,
  clips: readonly IngestedClip[],
): Promise<JsonValue> {
  const { metadata: family } = familySet(training.families, training.profile);
  const settings = family.settings?.[training.profile];
  const modified = await fileTimes(training);
  const reference = family.reference(
    clips.flatMap(({ split, metadata }) => (split === 'train' && metadata !== null ? [metadata] : [])),
    modified === undefined ? undefined : [...modified.values()],
  );
  const times = captureTimes(training.dataset, clips);
  const rows = clips.flatMap(({ filename, metadata }) =>
    metadata === null
      ? []
      : [
          {
            name: filename,
            columns: family.columns(metadata, {
              profile: training.profile,
              reference,
              capturedAt: times.get(filename),
              settings,
              modified: modified?.get(filename),
            }),
          },
        ],
  );
  await writeTable(path, columnsTable(rows));
  return reference;
}

/** When clips were taken: as the dataset's table says, else as the file says; those that nothing is known of are left out. */
export function captureTimes(dataset: Dataset, clips: readonly IngestedClip[]): Map<string, Date> {
  const known = new Map(dataset.clips.map(({ filename, capturedAt }) => [filename, capturedAt]));
  return new Map(
    clips.flatMap(({ filename, metadata }) => {
      const time = known.get(filename) ?? captureTime(metadata?.capturedAt ?? '');
      return time === undefined ? [] : [[filename, time] as const];
    }),
  );
}

/** A table from one record of numbers a clip; a name that a record lacks is missing there. */
function columnsTable(
  rows: readonly { readonly name: string; readonly columns: Readonly<Record<string, number | null>> }[],
): {
  keys: string[];
  columns: TableColumn[];
} {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.columns)))];
  return {
    keys: rows.map((row) => row.name),
    columns: names.map((name) => ({ name, values: Float64Array.from(rows, (row) => row.columns[name] ?? Number.NaN) })),
  };
}

function capturedAt(time: string | Date | undefined): string | undefined {
  return time instanceof Date ? time.toISOString() : time;
}
