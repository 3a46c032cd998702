import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readTextTable, temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { encodeClip, openFrames } from '@primatrix/video';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../support/primatrix.ts';

const [width, height] = [96, 64];
let folder: TemporaryFolder;

/** Grey, with a black and white chessboard of 4 pixels that walks to the right, where anybody walks. */
function* frames(walks: boolean): Generator<Uint8Array> {
  for (let i = 0; i < 20; i++) {
    const picture = new Uint8Array(width * height * 3).fill(90);
    for (let y = 16; walks && y < 48; y++) {
      for (let x = 0; x < 16; x++) {
        const at = (y * width + x + i * 4) * 3;
        picture.fill(((x >> 2) + (y >> 2)) % 2 === 0 ? 0 : 250, at, at + 3);
      }
    }
    yield picture;
  }
}

/** Pixels as dark or as light as the chessboard, by frame. */
async function recognisable(path: string): Promise<number[]> {
  const counts: number[] = [];
  for await (const frame of await openFrames(path)) {
    counts.push(frame.luma().filter((grey) => grey < 30 || grey > 210).length);
  }
  return counts;
}

async function rowOf(name: string, walks: boolean): Promise<object> {
  const looks = [0, 5, 10, 15];
  const boxes = looks.map((frame) => ({ frame, box: [(frame * 4) / width, 0.25, 16 / width, 0.5], score: 0.4 }));
  const person = { group: 'person', name: 'person', score: 0.4, from: 0, to: 1.5, boxes };
  return {
    ...{ filename: name, status: 'ok', fault: null, reason: '', framesDecoded: 20, framesExpected: 20 },
    sha256: createHash('sha256')
      .update(await readFile(folder.join('clips', name)))
      .digest('hex'),
    ...{ probabilities: { blank: 0.6, animal: 0, person: 0.4, vehicle: 0 }, members: {}, padded: {} },
    seen: { model: 'a-detector 1', looks, sightings: walks ? [person] : [] },
  };
}

const primatrix = (...args: string[]) => run(args, { cwd: folder.path });
const share = (result: string, out: string, ...more: string[]) =>
  primatrix('export', result, '--clips', 'clips', '--media', '--out', out, '--json', ...more);

beforeAll(async () => {
  folder = await temporaryFolder('primatrix-share-');
  for (const [name, walks] of [
    ['ridge/walk.avi', true],
    ['ridge/leaves.mp4', false],
  ] as const) {
    await mkdir(dirname(folder.join('clips', name)), { recursive: true });
    await encodeClip({ out: folder.join('clips', name), width, height, fps: 10, crf: 1, frames: frames(walks) });
  }
  const rows = [await rowOf('ridge/walk.avi', true), await rowOf('ridge/leaves.mp4', false)];
  const set = { schema: 1, classes: ['blank', 'animal', 'person', 'vehicle'], warnings: [] };
  await writeFile(folder.join('seen.json'), JSON.stringify({ ...set, rows }));
  await writeFile(
    folder.join('unseen.json'),
    JSON.stringify({ ...set, rows: rows.map((row) => ({ ...row, seen: undefined })) }),
  );
});
afterAll(() => folder.remove());

it('a package to share has its people blurred on every frame, and clips without people as they are', async () => {
  const { status, stdout, stderr } = await share('seen.json', 'package');
  expect(status, stderr).toBe(0);
  expect(stdout).toContain('people are blurred in 1 clip');
  expect((await readdir(folder.join('package/media/ridge'))).sort()).toEqual(['leaves.mp4', 'walk.avi.blurred.mp4']);
  expect(await readFile(folder.join('package/media/ridge/leaves.mp4'))).toEqual(
    await readFile(folder.join('clips/ridge/leaves.mp4')),
  );
  const after = await recognisable(folder.join('package/media/ridge/walk.avi.blurred.mp4'));
  expect(Math.min(...(await recognisable(folder.join('clips/ridge/walk.avi'))))).toBeGreaterThan(300);
  expect([after.length, Math.max(...after)]).toEqual([20, 0]);
  const { header, rows } = await readTextTable(folder.join('package/media.csv'));
  const column = (name: string) => rows.map((row) => row[header.indexOf(name)]).sort();
  expect(column('filePath')).toEqual(['media/ridge/leaves.mp4', 'media/ridge/walk.avi.blurred.mp4']);
  expect(column('filePublic')).toEqual(['true', 'true']);
});

it('is refused where nobody looked, where clips lie there already, and where options do not go together', async () => {
  const refused = async (...args: Parameters<typeof share>) => {
    const { status, stderr } = await share(...args);
    return [status, /\[([A-Z_]+)\]/.exec(stderr)?.[1]];
  };
  expect(await refused('unseen.json', 'never')).toEqual([2, 'EXCHANGE_PEOPLE']);
  await expect(readdir(folder.join('never'))).rejects.toThrow();
  expect(await refused('seen.json', 'never.json', '--format', 'megadetector')).toEqual([2, 'EXPORT_MEDIA']);
  const own = await share('unseen.json', 'own', '--show-people');
  expect([own.status, own.stderr]).toEqual([0, expect.stringContaining('this package is for your own use')]);
  expect(await refused('seen.json', 'own')).toEqual([2, 'EXCHANGE_MEDIA']);
});

it('a sheet and a video hide people, too, and are refused for clips that no detector looked at', async () => {
  await writeFile(folder.join('labels.csv'), 'filename,person\nridge/walk.avi,1\n');
  const sheet = (...more: string[]) =>
    primatrix('visualise', 'sheet', '--clips', 'clips', '--labels', 'labels.csv', '--out', 'sheet.png', ...more);
  const light = async () => Math.max(...(await recognisable(folder.join('sheet.png'))));
  expect((await sheet()).status).toBe(0);
  const before = await light();
  const { status, stderr } = await sheet('--blur-people', 'seen.json');
  expect(status, stderr).toBe(0);
  expect(before - (await light())).toBeGreaterThan(300);
  expect((await sheet('--blur-people', 'unseen.json')).stderr).toContain('[VISUALISE_PEOPLE]');
  const clips = ['clips/ridge/walk.avi', 'clips/ridge/leaves.mp4'];
  const video = await primatrix('visualise', 'hashes', ...clips, '--blur-people', 'seen.json', '--out', 'v.mp4');
  expect(video.status, video.stderr).toBe(0);
});
