import { chmod, copyFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { encodeClip, tools } from '@primatrix/video';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { run } from './main.ts';

let folder: TemporaryFolder;
const before = process.cwd();

beforeAll(async () => {
  folder = await temporaryFolder('primatrix-ingest-');
  for (const [i, name] of ['a', 'b', 'c', 'd'].entries()) {
    const frames = Array.from({ length: 5 }, (_, frame) => new Uint8Array(16 * 16 * 3).fill(40 * frame + 7 * i));
    await encodeClip({ out: folder.join(`data/clips/${name}.mp4`), width: 16, height: 16, fps: 5, frames });
  }
  await writeFile(
    folder.join('data/train_labels.csv'),
    'filename,bird,hog\na.mp4,1,0\nb.mp4,0,1\nc.mp4,1,0\nd.mp4,0,1\n',
  );
  process.chdir(folder.path);
});
afterAll(async () => {
  process.chdir(before);
  await folder.remove();
});

/** Runs the stage that looks at clips: what it says of itself, and the clips that it could not read. */
async function ingest(): Promise<{ state: string; failed: string[] }> {
  const said: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean(said.push(String(text))));
  try {
    expect(await run(['stage', 'video-ingest:ingest', '--dataset', 'data', '--folds', '2']), said.join('')).toBe(0);
  } finally {
    spy.mockRestore();
  }
  const [, ...lines] = (await readFile('artifacts/data/ingest/clips.jsonl', 'utf8')).trim().split('\n');
  const clips = lines.map((line) => JSON.parse(line) as { filename: string; fault: string | null });
  return {
    state: /ingest: (\w+)/.exec(said.join(''))?.[1] ?? '',
    failed: clips.flatMap(({ filename, fault }) => (fault === null ? [] : [`${filename} ${fault}`])),
  };
}

it('a file of the same size is another file, and the good one is found again', async () => {
  expect(await ingest()).toEqual({ state: 'done', failed: [] });
  expect(await ingest()).toEqual({ state: 'cached', failed: [] });
  await mkdir('kept', { recursive: true });
  await copyFile('data/clips/a.mp4', 'kept/a.mp4');
  const { size } = await stat('data/clips/a.mp4');
  await writeFile('data/clips/a.mp4', Buffer.alloc(size));
  expect(await ingest()).toEqual({ state: 'done', failed: ['a.mp4 not-media'] });
  expect(await ingest()).toEqual({ state: 'cached', failed: ['a.mp4 not-media'] });
  await copyFile('kept/a.mp4', 'data/clips/a.mp4');
  expect(await ingest()).toEqual({ state: 'done', failed: [] });
});

it.skipIf(process.platform === 'win32')('what failed of the machine is tried again', async () => {
  const real = (await tools()).find(({ name }) => name === 'ffprobe')?.path ?? 'ffprobe';
  await writeFile(
    'ffprobe',
    `#!/bin/sh\nif [ -e '${folder.join('broken')}' ]; then kill -9 $$; fi\nexec '${real}' "$@"\n`,
  );
  await chmod('ffprobe', 0o755);
  vi.stubEnv('FFPROBE_PATH', folder.join('ffprobe'));
  try {
    await writeFile('broken', '');
    // Only what is looked at anew fails: a changed file.
    await copyFile('data/clips/a.mp4', 'kept/a.mp4');
    await copyFile('kept/a.mp4', 'data/clips/a.mp4');
    expect(await ingest()).toEqual({ state: 'done', failed: ['a.mp4 tool-failed'] });
    expect(await ingest()).toEqual({ state: 'cached', failed: ['a.mp4 tool-failed'] });
    await rm('broken');
    expect(await ingest()).toEqual({ state: 'done', failed: [] });
    expect(await ingest()).toEqual({ state: 'cached', failed: [] });
  } finally {
    vi.unstubAllEnvs();
  }
});

it('a clip that comes late is looked at, one that goes is missing', async () => {
  await copyFile('data/clips/d.mp4', 'kept/d.mp4');
  await copyFile('data/clips/d.mp4', 'data/clips/e.mp4');
  expect(await ingest()).toEqual({ state: 'done', failed: [] });
  await rm('data/clips/d.mp4');
  expect(await ingest()).toEqual({ state: 'done', failed: ['d.mp4 missing'] });
  expect(await ingest()).toEqual({ state: 'cached', failed: ['d.mp4 missing'] });
  await copyFile('kept/d.mp4', 'data/clips/d.mp4');
  expect(await ingest()).toEqual({ state: 'done', failed: [] });
});
