import { spawnSync } from 'node:child_process';
import { mkdir, open, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { expect } from 'vitest';
import { writeDistinctClips } from './distinct-clips.ts';
import { start, type Running } from './primatrix.ts';

/** Clips of the sample in which nothing is missing. */
const undamaged = ['clip_0001.mp4', 'clip_0002.mp4', 'clip_0006.mp4'];
/** Copies that arrive at once. */
const atOnce = 8;
const parts = 4;

interface CopyStorm {
  /** Of the sample. */
  readonly dataset: string;
  readonly copies: number;
  readonly bundle: string;
  /** Milliseconds between two parts of a file; every fifth waits for longer than a file must stay as it is. */
  readonly pauseMs: number;
}

/**
 * Watches a folder into which clips are copied slowly, every second one renamed while it is written; the disk of the results is full
 * at first, and the watch is killed on the way. Afterwards every clip has been read once, whole.
 */
export async function copyStorm({ dataset, bundle, copies, pauseMs }: CopyStorm): Promise<void> {
  await using folder = await temporaryFolder('primatrix-watch-');
  const [nas, project, out] = [folder.join('nas'), folder.join('season'), folder.join('results')];
  for (const path of [nas, project, out, folder.join('whole')]) await mkdir(path);
  for (const name of undamaged) await symlink(join(dataset, 'clips', name), folder.join('whole', name));
  const names = await writeDistinctClips(folder.join('whole'), folder.join('card'), copies);
  const clips = names.map((name) => folder.join('card', name));
  const disk = await smallDisk(out);
  const watch = () =>
    start([
      ...['watch', nas, '--project', project, '--out', out, '--bundle', bundle],
      ...['--every', '1', '--settle', '1', '--give-up', '600'],
    ]);
  let run = watch();
  let rows: string[][] = [];
  try {
    // Asked for before it can be said.
    const troubled = run.says('trouble  exports');
    const copying = copyAll(clips, nas, pauseMs);
    await Promise.race([copying, run.says('clips    ')]);
    await troubled;
    run.kill('SIGKILL');
    await run.ended;
    run = watch();
    await copying;
    await disk.grow();
    await until(async () => (await rowsOf(join(out, 'predictions.csv'))).length === clips.length, run);
    run.kill('SIGTERM');
    const { stderr } = await run.ended;
    expect(stderr).not.toMatch(/\n\s+at |fault of primatrix/);
  } finally {
    run.kill('SIGKILL');
    await run.ended;
    rows = await rowsOf(join(out, 'predictions.csv'));
    await disk.end();
  }
  // Every clip once, under its last name, and none but whole ones.
  expect(rows.map(([name]) => basename(name ?? '')).sort()).toEqual(clips.map((_, i) => nameOf(i)).sort());
  expect(rows.filter(([, status]) => status !== 'ok')).toEqual([]);
  const review = join(project, 'primatrix-review');
  const [records = ''] = (await readdir(review)).filter((name) => name.startsWith('first-level-'));
  const pathsRead = async () => {
    const lines = (await readFile(join(review, records), 'utf8')).trimEnd().split('\n');
    return lines.map((line) => (JSON.parse(line) as { path: string }).path);
  };
  const paths = await pathsRead();
  expect(new Set(paths).size).toBe(paths.length);
  expect(paths).toHaveLength(clips.length);

  // Killed between adding clips and noting that they were taken, a watch decodes none of them again but one that changed.
  await rm(join(review, 'watch.jsonl'));
  const [replaced = '', other = ''] = paths;
  await writeFile(replaced, await readFile(other));
  const again = start([
    ...['watch', nas, '--once', '--project', project, '--out', folder.join('after'), '--bundle', bundle],
    ...['--settle', '1'],
  ]);
  const { status, stderr } = await again.ended;
  expect(status, stderr).toBe(0);
  expect(await pathsRead()).toEqual([...paths, replaced]);
}

const nameOf = (i: number) => `clip_${String(i).padStart(4, '0')}.mp4`;

async function copyAll(clips: readonly string[], nas: string, pauseMs: number): Promise<void> {
  const queue = clips.entries();
  const lane = async () => {
    for (const [i, clip] of queue) await copySlowly(clip, join(nas, `site-${i % 3}`), i, pauseMs);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

async function copySlowly(clip: string, folder: string, i: number, pauseMs: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const bytes = await readFile(clip);
  const last = join(folder, nameOf(i));
  const renamed = i % 2 === 0;
  const first = renamed ? join(folder, `upload-${i}.mp4`) : last;
  const file = await open(first, 'w');
  try {
    for (let part = 0; part < parts; part++) {
      const [from, to] = [part, part + 1].map((k) => Math.floor((k * bytes.length) / parts));
      await file.write(bytes, from, (to ?? 0) - (from ?? 0));
      if (renamed && part === 1) await rename(first, last);
      await sleep(i % 5 === 0 && part === 2 ? Math.max(pauseMs, 2500) : pauseMs);
    }
  } finally {
    await file.close();
  }
}

async function rowsOf(path: string): Promise<string[][]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
}

async function until(test: () => Promise<boolean>, run: Running): Promise<void> {
  let ended = false;
  void run.ended.then(() => (ended = true));
  while (!(await test())) {
    if (ended) throw new Error(`watch ended: ${(await run.ended).stderr}`);
    await sleep(200);
  }
}

/** A folder in which nothing can be written until it grows: a full disk where one can be mounted, else a file in the way. */
async function smallDisk(folder: string): Promise<{ grow(): Promise<void>; end(): Promise<void> }> {
  const mounted =
    process.getuid?.() === 0 && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', folder]).status === 0;
  if (!mounted) {
    const way = join(folder, 'clips.csv');
    await mkdir(join(way, 'full'), { recursive: true });
    return { grow: () => rm(way, { recursive: true }), end: () => Promise.resolve() };
  }
  await writeFile(join(folder, 'full'), new Uint8Array(8192)).catch(() => undefined);
  return {
    grow: async () => void spawnSync('mount', ['-o', 'remount,size=200m', folder]),
    end: async () => void spawnSync('umount', [folder]),
  };
}
