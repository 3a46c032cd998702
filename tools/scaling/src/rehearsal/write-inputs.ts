import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeFolds } from '@primatrix/dataset';
import { writeNetPredictions, writeTable } from '@primatrix/feature-table';
import { Rng } from '@primatrix/rng';
import { writeTensorFile } from '@primatrix/tensor-store';
import { familySet, readFeatureIndex, readIngested, type Training } from '@primatrix/training';

/** Columns of metadata, and of families whose rows are columns, as the competition's table has them. */
const metadataColumns = 11;
const rowColumns = 8;
/** Tensors of a family that are drawn; clips take turns at them. */
const drawnTensors = 8;
const outcome = { status: 'ok', fault: null, reason: '', framesDecoded: 60, framesExpected: 60 };

/** What ingest leaves, without a clip being looked at: what is known of each, the folds, the columns. Read back as later stages do. */
export async function writeIngest({ artifacts, dataset, folds, seed }: Training): Promise<void> {
  await mkdir(join(artifacts, 'ingest'), { recursive: true });
  const metadata = {
    ...{
      bytes: 2_000_000,
      sha256: '0'.repeat(64),
      container: 'mp4',
      videoCodec: 'h264',
      width: 720,
      height: 404,
      fps: 30,
    },
    ...{ frames: 450, durationSeconds: 15, capturedAt: null, audio: null },
  };
  await writeLines(join(artifacts, 'ingest/clips.jsonl'), { clips: dataset.clips.length }, dataset.clips, (clip) => ({
    ...{ filename: clip.filename, split: clip.split, fault: null, reason: '' },
    metadata: { ...metadata, file: clip.filename },
  }));
  const labelled = dataset.clips.flatMap(({ labels, ...clip }) => (labels === undefined ? [] : [{ ...clip, labels }]));
  const made = makeFolds(labelled, { classes: dataset.classes, folds, seed });
  await writeFile(join(artifacts, 'ingest/folds.json'), JSON.stringify(made.folds));
  const keys = dataset.clips.map(({ filename }) => filename);
  await writeTable(join(artifacts, 'ingest/columns.parquet'), {
    keys,
    columns: randomColumns(keys.length, metadataColumns, 'm'),
  });
  await readIngested(artifacts);
}

/** The index of every feature family, and the columns of those that have any; clips share a few tensors, which are of the right shape. */
export async function writeFeatures(training: Training): Promise<void> {
  const { artifacts, dataset, families, profile } = training;
  const { features, nets } = familySet(families, profile);
  for (const family of features) {
    const { name, rowsAlone, settings } = family;
    await mkdir(join(artifacts, 'features', name), { recursive: true });
    const columns = rowsAlone?.includes(profile) === true ? Array.from({ length: rowColumns }, (_, i) => `h${i}`) : [];
    const header = {
      ...{ feature: name, version: '1.0.0', columns, clips: dataset.clips.length },
      weights: { source: 'none', digest: null, note: '' },
    };
    // Somewhat more than the longest crop, so that crops differ.
    const crops = nets.flatMap((net) =>
      net.settings[profile].feature === name ? [net.settings[profile].crop[0] ?? 0] : [],
    );
    const shape = [Math.ceil(1.05 * Math.max(16, ...crops)), ...family.rowShape(settings[profile])];
    const tensors = await writeTensors(join(artifacts, 'features', name), shape);
    await writeLines(join(artifacts, `features/${name}/index.jsonl`), header, dataset.clips, ({ filename }, i) => {
      const { sha256, bytes, file } = tensors[i % tensors.length] as (typeof tensors)[number];
      return {
        entry: {
          ...{ filename, key: '0'.repeat(64), outcome, sha256, bytes, shape },
          file: `features/${name}/${file}`,
        },
        row: columns.map(() => 0.5),
      };
    });
    const keys = dataset.clips.map(({ filename }) => filename);
    await writeTable(join(artifacts, `features/${name}/rows.parquet`), {
      keys: columns.length === 0 ? [] : keys,
      columns: columns.length === 0 ? [] : randomColumns(keys.length, rowColumns, 'h'),
    });
    await readFeatureIndex(artifacts, name);
  }
}

/** Tensors that stand for those of all clips, a byte a value's magnitude from -1 to 1. */
async function writeTensors(folder: string, shape: readonly number[]) {
  const rng = Rng.of(1, folder.slice(-8));
  const values = shape.reduce((product, size) => product * size, 1);
  const made = [];
  for (let i = 0; i < drawnTensors; i++) {
    const file = `drawn-${i}.safetensors`;
    const data = Float32Array.from({ length: values }, () => 2 * rng.uniform() - 1);
    const { features } = await writeTensorFile(join(folder, file), { features: { dtype: 'float32', shape, data } });
    made.push({ file, sha256: features.sha256, bytes: features.bytes });
  }
  return made;
}

/** What every net says: of labelled clips out of fold, of the others the mean, and what the model of each fold says. */
export async function writeNets(training: Training): Promise<void> {
  const { artifacts, dataset, families, profile, folds } = training;
  const foldOf = foldsByName(training);
  const namesOf = (split: string) => dataset.clips.flatMap((clip) => (clip.split === split ? [clip.filename] : []));
  const [train, test, other] = [namesOf('train'), namesOf('test'), namesOf('other')];
  for (const net of familySet(families, profile).nets) {
    await mkdir(join(artifacts, 'nets', net.name), { recursive: true });
    const write = (file: string, filenames: readonly string[], own?: Int32Array) =>
      writeNetPredictions(join(artifacts, `nets/${net.name}/${file}.parquet`), {
        filenames,
        classes: dataset.classes,
        probabilities: randomRows(filenames.length, dataset.classes.length, `${net.name} ${file}`),
        ...(own === undefined ? {} : { folds: own }),
      });
    const others = net.settings[profile].other === false ? [] : other;
    await write(
      'train',
      train,
      Int32Array.from(train, (name) => foldOf.get(name) ?? 1),
    );
    await write('test', test);
    await write('other', others);
    for (let fold = 1; fold <= folds; fold++) await write(`fold-${fold}`, [...test, ...others].sort());
    await writeFile(join(artifacts, `nets/${net.name}/card.json`), '{}');
  }
}

/** What the members of the ensemble say, in place of stackers that were fitted to the end: mostly right of labelled clips. */
export async function writeMembers(training: Training): Promise<void> {
  const { artifacts, dataset, families, profile } = training;
  const foldOf = foldsByName(training);
  const labelsOf = new Map(dataset.clips.map(({ filename, labels }) => [filename, labels]));
  for (const { name, variants } of familySet(families, profile).stacks) {
    for (const variant of Object.keys(variants[profile])) {
      const folder = join(artifacts, `stack/${name}-${variant}`);
      await mkdir(folder, { recursive: true });
      for (const split of ['train', 'test', 'other']) {
        const filenames = dataset.clips.flatMap((clip) => (clip.split === split ? [clip.filename] : []));
        await writeNetPredictions(join(folder, `${split}.parquet`), {
          filenames,
          classes: dataset.classes,
          probabilities: towardsLabels(
            randomRows(filenames.length, dataset.classes.length, `${name}-${variant} ${split}`),
            filenames.map((file) => labelsOf.get(file)),
          ),
          ...(split === 'train' ? { folds: Int32Array.from(filenames, (file) => foldOf.get(file) ?? 1) } : {}),
        });
      }
    }
  }
}

/** Fold of each labelled clip, from 1. */
export function foldsByName({ dataset, folds, seed }: Training): Map<string, number> {
  const labelled = dataset.clips.flatMap(({ labels, ...clip }) => (labels === undefined ? [] : [{ ...clip, labels }]));
  const made = makeFolds(labelled, { classes: dataset.classes, folds, seed });
  return new Map(made.folds.flatMap((names, i) => names.map((name) => [name, i + 1] as const)));
}

async function writeLines<T>(
  path: string,
  head: object,
  items: readonly T[],
  line: (item: T, i: number) => object,
): Promise<void> {
  const lines = function* () {
    yield `${JSON.stringify(head)}\n`;
    for (const [i, item] of items.entries()) yield `${JSON.stringify(line(item, i))}\n`;
  };
  await pipeline(Readable.from(lines()), createWriteStream(path));
}

function randomColumns(rows: number, columns: number, prefix: string) {
  const rng = Rng.of(1, prefix);
  return Array.from({ length: columns }, (_, i) => ({
    name: `${prefix}${i}`,
    values: Float64Array.from({ length: rows }, () => Math.fround(rng.normal())),
  }));
}

/** Rows that add to 1, most of each in one class. */
function randomRows(rows: number, classes: number, stream: string): Float64Array {
  const rng = Rng.of(1, stream);
  const values = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += values[row * classes + c] = rng.uniform() ** 8 + 1e-4;
    for (let c = 0; c < classes; c++) values[row * classes + c] = Math.fround((values[row * classes + c] ?? 0) / sum);
  }
  return values;
}

/** Lifts the probability of what the clips show, of most clips by much: as a second level does, of which calibration and thresholds are learnt. */
function towardsLabels(probabilities: Float64Array, labels: readonly (Uint8Array | undefined)[]): Float64Array {
  const rng = Rng.of(1, 'towards labels');
  const classes = probabilities.length / Math.max(1, labels.length);
  labels.forEach((shown, row) => {
    if (shown === undefined) return;
    const knows = 1 - rng.uniform() ** 3;
    for (let c = 0; c < classes; c++) {
      const p = probabilities[row * classes + c] ?? 0;
      probabilities[row * classes + c] = Math.fround(p + knows * ((shown[c] ?? 0) - p));
    }
  });
  return probabilities;
}
