import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readLabels, readPredictions } from '@primatrix/dataset';
import { readNetPredictions } from '@primatrix/feature-table';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, type Finished } from '../support/primatrix.ts';

const sampleRate = 16_000;

/** A WAV file of mono 16-bit samples. */
function wav(samples: Int16Array): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + 2 * samples.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(2 * sampleRate, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(2 * samples.length, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}

/** A call falls in pitch, a rustle is noise; no two are alike. */
function sound(kind: 'call' | 'rustle', number: number): Int16Array {
  let state = 1 + number;
  const noise = () => (2 * (state = (state * 48_271) % 2_147_483_647)) / 2_147_483_647 - 1;
  return Int16Array.from({ length: sampleRate + 700 * number }, (_, i) => {
    const t = i / sampleRate;
    return (
      (4000 + 150 * number) *
      (kind === 'call'
        ? Math.sin(2 * Math.PI * (900 + 40 * number - 200 * t) * t) + 0.05 * noise()
        : noise() * (0.6 + 0.4 * Math.sin(9 * t)))
    );
  });
}

// One grey pixel: pictures, and no sound.
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

describe('a dataset of sounds', () => {
  let folder: TemporaryFolder;
  let trained: Finished;
  let artifacts: string;

  beforeAll(async () => {
    folder = await temporaryFolder('primatrix-sounds-');
    const clips = folder.join('sounds/clips');
    await mkdir(clips, { recursive: true });
    const labels: string[] = [];
    for (let number = 0; number < 28; number++) {
      const kind = number % 2 === 0 ? 'call' : 'rustle';
      const filename = `${kind}-${number}.wav`;
      await writeFile(join(clips, filename), wav(sound(kind, number)));
      if (number < 24) labels.push(`${filename},${kind === 'call' ? '1,0' : '0,1'}`);
    }
    await writeFile(join(clips, 'silence.wav'), wav(new Int16Array(sampleRate)));
    await writeFile(join(clips, 'empty.wav'), wav(new Int16Array()));
    await writeFile(join(clips, 'torn.wav'), Buffer.alloc(3000, 7));
    await writeFile(folder.join('sounds/train_labels.csv'), ['filename,call,rustle', ...labels, ''].join('\n'));
    await writeFile(
      folder.join('sounds/submission_format.csv'),
      'filename,call,rustle\ncall-24.wav,0,0\nrustle-25.wav,0,0\n',
    );
    trained = await run([
      'train',
      '--dataset',
      folder.join('sounds'),
      '--artifacts',
      folder.join('artifacts'),
      '--folds',
      '2',
      '--only',
      'net-imagehash-gru',
      '--json',
    ]);
    artifacts = folder.join('artifacts/sounds');
  });
  afterAll(() => folder.remove());

  it('is trained on without the nets that look at pictures, which are named', () => {
    // 1: a file that is no sound.
    expect(trained.status, trained.stderr).toBe(1);
    const summary = JSON.parse(trained.stdout) as {
      clips: object;
      warnings: string[];
      members: object;
      faults: { filename: string }[];
    };
    expect(summary.warnings).toContainEqual(expect.stringContaining('net-imagehash-gru was left out'));
    expect(Object.keys(summary.members)).not.toContain('net-imagehash-gru');
    expect(summary.faults.map(({ filename }) => filename)).toContain('torn.wav');
  });

  it('has every labelled sound predicted once, out of its fold, and tells calls from rustles', async () => {
    const { filenames, classes, labels } = await readLabels(folder.join('sounds/train_labels.csv'));
    const table = await readNetPredictions(join(artifacts, 'stack/stack-lightgbm-a/train.parquet'), classes);
    expect([...table.filenames]).toEqual([...filenames].sort());
    expect([...new Set(table.folds)].sort()).toEqual([1, 2]);
    const right = table.filenames.filter(
      (name, row) => (table.probabilities[2 * row] as number) > 0.5 === (labels[2 * filenames.indexOf(name)] === 1),
    );
    expect(right.length).toBeGreaterThanOrEqual(20);
    const { columns } = JSON.parse(await readFile(join(artifacts, 'stack/stack-lightgbm-a/card.json'), 'utf8')) as {
      columns: string[];
    };
    expect(columns).toEqual(
      expect.arrayContaining(['video-ingest/audio_seconds', 'audio/rms_mean', 'audio/mfcc_0_p50']),
    );
    expect(columns.filter((column) => column.startsWith('net-'))).toEqual([]);
  });

  it('is predicted from its bundle, with a reason for everything that cannot be', async () => {
    await writeFile(folder.join('picture.png'), picture);
    const out = folder.join('predictions.csv');
    const clips = ['call-26.wav', 'rustle-27.wav', 'silence.wav', 'torn.wav', 'empty.wav'].map((name) =>
      folder.join('sounds/clips', name),
    );
    const predicted = await run([
      'predict',
      ...clips,
      folder.join('picture.png'),
      '--bundle',
      join(artifacts, 'bundle'),
      '--out',
      out,
    ]);
    expect(predicted.status, predicted.stderr).toBe(1);
    const { filenames, classes, probabilities } = await readPredictions(out);
    expect(classes).toEqual(['call', 'rustle']);
    const rows = (await readFile(out, 'utf8')).trim().split('\n');
    const statusOf = (name: string) =>
      rows
        .find((row) => row.startsWith(name))
        ?.split(',')
        .slice(1, 3);
    expect([statusOf('silence.wav'), statusOf('picture.png')]).toEqual([
      ['ok', ''],
      ['failed', 'no-sound'],
    ]);
    expect(statusOf('torn.wav')?.[0]).toBe('failed');
    expect(statusOf('empty.wav')?.[0]).toBe('failed');
    const callOf = (name: string) => probabilities[2 * filenames.indexOf(name)] as number;
    expect(callOf('call-26.wav')).toBeGreaterThan(callOf('rustle-27.wav'));
  });

  it('gives tensors of sound on the command line', async () => {
    const done = await run([
      'features',
      'audio',
      folder.join('sounds/clips/call-0.wav'),
      '--out',
      folder.join('tensors'),
      '--json',
    ]);
    expect(done.status, done.stderr).toBe(0);
    // A second of sound, resampled to 22,050 Hz: 1 + (22,050 - 1,024) / 512 whole frames.
    expect(JSON.parse(done.stdout)).toMatchObject([{ status: 'ok', shape: [42, 78] }]);
    const refused = await run([
      'features',
      'image-hash',
      folder.join('sounds/clips/call-0.wav'),
      '--out',
      folder.join('tensors'),
      '--json',
    ]);
    expect(refused.status).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject([{ status: 'failed', file: null, fault: 'no-video' }]);
  });
});
