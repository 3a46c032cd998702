import { chmod, copyFile, mkdir, open, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPredictions } from '@primatrix/dataset';
import { readTable } from '@primatrix/feature-table';
import { sharedData, temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { filesBelow } from '../support/files-below.ts';
import { run, type Finished } from '../support/primatrix.ts';

const sample = inject('trainedSample');
const asRoot = process.getuid?.() === 0;
const png = sharedData('golden/image-hash/acp-small-cat-frame0000.png');

/** What must be said of each input; names are relative to the folder. */
const expected: Record<string, readonly [status: string, fault: string | null]> = {
  '-dash.mp4': ['ok', null],
  'Gürteltier äöü.mp4': ['ok', null],
  'cut.avi': ['degraded', 'truncated'],
  'cut.mp4': ['degraded', 'truncated'],
  'cut-before-first-frame.avi': ['failed', 'truncated'],
  'deep/er/good.mp4': ['ok', null],
  'empty\nnew line.mp4': ['failed', 'empty'],
  'good.avi': ['ok', null],
  'good.mp4': ['ok', null],
  'middle.mp4': ['degraded', 'damaged'],
  'noise.avi': ['failed', 'not-media'],
  'text.mp4': ['failed', 'not-media'],
  'dangling.mp4': ['failed', 'missing'],
  ...(png === undefined ? {} : { 'still.png': ['ok', null] as const }),
  ...(asRoot ? {} : { 'locked.mp4': ['failed', 'unreadable'] as const }),
};
const missing = 'gone.mp4';

let folder: TemporaryFolder;
const runs = new Map<string, Finished>();
const outOf = (format: string) => folder.join(`results/result.${format}`);

beforeAll(async () => {
  folder = await temporaryFolder();
  await fillWithClips(folder.join('clips'));
  await mkdir(folder.join('results'));
  for (const format of ['csv', 'json', 'parquet']) {
    const args = [
      'predict',
      folder.join('clips'),
      folder.join(missing),
      '--bundle',
      sample.bundle,
      '--out',
      outOf(format),
      '--format',
      format,
    ];
    runs.set(format, await run(format === 'parquet' ? [...args, '--json'] : args));
  }
});
afterAll(() => folder.remove());

async function fillWithClips(clips: string): Promise<void> {
  await mkdir(join(clips, 'deep/er'), { recursive: true });
  const { damaged } = JSON.parse(sample.sampleSummary) as { damaged: { file: string; damage: string }[] };
  const source = (name: string) => join(sample.dataset, 'clips', name);
  const healthy = (await filesBelow(join(sample.dataset, 'clips'))).filter(
    (name) => !damaged.some(({ file }) => file === name),
  );
  const mp4 = source(healthy.find((name) => name.endsWith('.mp4')) ?? '');
  const avi = source(healthy.find((name) => name.endsWith('.avi')) ?? '');
  for (const name of ['-dash.mp4', 'Gürteltier äöü.mp4', 'good.mp4', 'deep/er/good.mp4', '.hidden.mp4', 'locked.mp4']) {
    await copyFile(mp4, join(clips, name));
  }
  await copyFile(avi, join(clips, 'good.avi'));
  await copyFile(source(damaged.find(({ damage }) => damage === 'middle')?.file ?? ''), join(clips, 'middle.mp4'));
  await writeFile(join(clips, 'cut.mp4'), (await readFile(mp4)).subarray(0, 60_000));
  await writeFile(join(clips, 'cut.avi'), (await readFile(avi)).subarray(0, 60_000));
  await writeFile(join(clips, 'cut-before-first-frame.avi'), (await readFile(avi)).subarray(0, 300));
  await (await open(join(clips, 'empty\nnew line.mp4'), 'w')).close();
  await writeFile(join(clips, 'text.mp4'), 'Not a video.\n'.repeat(100));
  await writeFile(
    join(clips, 'noise.avi'),
    Uint8Array.from({ length: 40_000 }, (_, i) => (i * 2654435761) >>> 13),
  );
  await writeFile(join(clips, 'notes.txt'), 'day 3: card changed\n');
  await symlink(join(clips, 'nowhere'), join(clips, 'dangling.mp4'));
  if (png !== undefined) await copyFile(png, join(clips, 'still.png'));
  if (asRoot) await writeFile(join(clips, 'locked.mp4'), await readFile(mp4));
  else await chmod(join(clips, 'locked.mp4'), 0);
}

/** Names as inputs are ordered: sorted below the folder, then what was named itself. */
const names = [...Object.keys(expected), ...(asRoot ? ['locked.mp4'] : [])].sort().concat(missing);
const wantedOf = (name: string) => (name === missing ? ['failed', 'missing'] : (expected[name] ?? ['ok', null]));
const wanted = names.map((name) => [name, ...wantedOf(name)]);

describe('every input has exactly one row', () => {
  it('in CSV', async () => {
    const { filenames, outcomes, probabilities, classes } = await readPredictions(outOf('csv'));
    expect(filenames.map((name, i) => [name, outcomes?.[i]?.status, outcomes?.[i]?.fault])).toEqual(wanted);
    filenames.forEach((name, i) => {
      const row = probabilities.subarray(i * classes.length, (i + 1) * classes.length);
      if (wantedOf(name)[0] === 'failed') expect(row.every(Number.isNaN)).toBe(true);
      else expect(row.every((p) => p > 0 && p < 1)).toBe(true);
    });
  });

  it('in JSON', async () => {
    const { rows, classes } = JSON.parse(await readFile(outOf('json'), 'utf8')) as {
      classes: string[];
      rows: {
        filename: string;
        status: string;
        fault: string | null;
        reason: string;
        framesDecoded: number;
        framesExpected: number;
        probabilities: Record<string, number> | null;
      }[];
    };
    expect(rows.map(({ filename, status, fault }) => [filename, status, fault])).toEqual(wanted);
    for (const row of rows) {
      if (row.status === 'failed') expect(row.probabilities).toBeNull();
      else expect(Object.keys(row.probabilities ?? {})).toEqual(classes);
      if (row.status === 'degraded') expect(row.framesDecoded).toBeGreaterThan(0);
      expect(row.reason === '').toBe(row.status === 'ok');
      if (row.status === 'degraded' && row.fault === 'truncated') {
        expect(row.framesDecoded).toBeLessThan(row.framesExpected);
      }
    }
  });

  it('in Parquet', async () => {
    const { keys, columns } = await readTable(outOf('parquet'));
    const textOf = (column: string) =>
      (columns.find(({ name }) => name === column) as { readonly text: readonly (string | null)[] }).text;
    const order = [...wanted].sort(([a = ''], [b = '']) => ((a as string) < (b as string) ? -1 : 1));
    expect(keys.map((name, i) => [name, textOf('status')[i], textOf('fault')[i]])).toEqual(order);
    const bird = columns.find(({ name }) => name === 'bird') as { values: Float64Array };
    keys.forEach((name, i) =>
      expect([name, Number.isNaN(bird.values[i])]).toEqual([name, wantedOf(name)[0] === 'failed']),
    );
  });
});

describe('what is said of it', () => {
  const count = (status: string) => wanted.filter((row) => row[1] === status).length;

  it('the exit status and the summary agree with the rows', () => {
    for (const { status } of runs.values()) expect(status).toBe(1);
    const line = `${wanted.length} clips: ${count('ok')} ok, ${count('degraded')} degraded, ${count('failed')} failed`;
    expect(runs.get('csv')?.stdout).toContain(line);
    const { summary, rows } = JSON.parse(runs.get('parquet')?.stdout ?? '') as { summary: object; rows: unknown[] };
    expect(summary).toEqual({
      files: wanted.length,
      ok: count('ok'),
      degraded: count('degraded'),
      failed: count('failed'),
    });
    expect(rows).toHaveLength(wanted.length);
  });

  it('stderr has one line for each bad file, with name, reason and code, and no more', () => {
    const lines = (runs.get('csv')?.stderr ?? '').split('\n').filter((line) => /^(failed|degraded) {2}/.test(line));
    const bad = wanted.filter((row) => row[1] !== 'ok');
    expect(lines).toHaveLength(bad.length);
    for (const [name = '', status, fault] of bad) {
      const start = `${status}  ${(name as string).replace('\n', '\\n')}: `;
      const line = lines.find((candidate) => candidate.startsWith(start));
      expect(line, start).toBeDefined();
      expect(line).toContain(`[${fault}]`);
      expect((line ?? '').length).toBeGreaterThan(start.length + `[${fault}]`.length + 10);
    }
  });

  it('files that are left out are named', () => {
    expect(runs.get('csv')?.stderr).toMatch(/skipped 2 files.*\.hidden\.mp4.*notes\.txt/);
  });

  it('nothing half-written is left', async () => {
    expect(await filesBelow(folder.join('results'))).toEqual(['result.csv', 'result.json', 'result.parquet']);
  });

  it('the same bytes the second time', async () => {
    const again = folder.join('again.csv');
    await run(['predict', folder.join('clips'), folder.join(missing), '--bundle', sample.bundle, '--out', again]);
    expect(await readFile(again, 'utf8')).toBe(await readFile(outOf('csv'), 'utf8'));
  });
});

describe('other commands with the same folder', () => {
  it('features: one file for each clip that can be read, exit status 1', async () => {
    const out = folder.join('features');
    const { status, stdout } = await run([
      'features',
      'image-hash',
      folder.join('clips'),
      folder.join(missing),
      '--out',
      out,
      '--json',
    ]);
    const rows = JSON.parse(stdout) as { clip: string; status: string; fault: string | null; file: string | null }[];
    expect(status).toBe(1);
    expect(rows.map(({ clip, status: how, fault }) => [clip, how, fault])).toEqual(wanted);
    const files = rows.flatMap(({ file }) => (file === null ? [] : [file]));
    expect(new Set(files).size).toBe(files.length);
    expect((await filesBelow(out)).map((name) => join(out, name))).toEqual([...files].sort());
    for (const row of rows) expect(row.file === null).toBe(row.status === 'failed');
  });

  it('probe: a row for each file, those that cannot be read with their fault', async () => {
    const files = ['good.mp4', 'text.mp4', 'empty\nnew line.mp4', 'gone.mp4'].map((name) => folder.join('clips', name));
    const { status, stdout, stderr } = await run(['probe', ...files, '--json']);
    expect(status).toBe(1);
    const rows = JSON.parse(stdout) as { file: string; error?: { fault: string } }[];
    expect(rows.map(({ file, error }) => [file, error?.fault])).toEqual(
      files.map((file, i) => [file, [undefined, 'not-media', 'empty', 'missing'][i]]),
    );
    expect(stderr.trimEnd().split('\n')).toHaveLength(3);
  });
});
