import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClipSightings } from '@primatrix/contracts';
import { sha256File } from '@primatrix/files';
import { camtrapFaults, readTextTable, sharedData, temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { encodeClip, openFrames } from '@primatrix/video';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeCamtrapPackage } from '../camtrap-dp/write-package.ts';
import type { ClipRecord } from '../clip-record.ts';
import { mediaFacts } from '../media-facts.ts';
import { builtInTaxa } from '../taxa.ts';
import { packMedia, type PackMediaOptions } from './pack-media.ts';

const schemas = sharedData('camtrap-dp');
const signal = new AbortController().signal;
const classes = ['blank', 'animal', 'person', 'vehicle'];
const [width, height] = [96, 64];
let folder: TemporaryFolder;
let options: PackMediaOptions;
let records: ClipRecord[];

/** Grey, and a chessboard of 4 pixels that goes from left to right: what is to be hidden. */
function* walk(frames: number): Generator<Uint8Array> {
  for (let i = 0; i < frames; i++) {
    const picture = new Uint8Array(width * height * 3).fill(90);
    for (let y = 16; y < 48; y++) {
      for (let x = 0; x < 16; x++) {
        const at = (y * width + x + i * 4) * 3;
        picture.fill(((x >> 2) + (y >> 2)) % 2 === 0 ? 0 : 250, at, at + 3);
      }
    }
    yield picture;
  }
}
const boxAt = (frame: number) => ({
  frame,
  box: [(frame * 4) / width, 0.25, 16 / width, 0.5] as [number, number, number, number],
  score: 0.3,
});
const looks = [0, 5, 10, 15];
const seen = (group: 'person' | 'animal'): ClipSightings => ({
  model: 'd 1',
  looks,
  sightings: [{ group, name: group, score: 0.3, from: 0, to: 1.5, boxes: looks.map(boxAt) }],
});
const nobody: ClipSightings = { model: 'd 1', looks, sightings: [] };

beforeAll(async () => {
  folder = await temporaryFolder();
  const clip = folder.join('clips/cam 1/walk.avi');
  await encodeClip({ out: clip, width, height, fps: 10, crf: 1, frames: walk(20) });
  options = {
    ...{ taxa: builtInTaxa, threshold: 0.5, showPeople: false, signal },
    pathOf: (name) => folder.join('clips', name),
    digestOf: () => null,
  };
  const ok = { status: 'ok', fault: null, reason: '', framesDecoded: 20, framesExpected: 20 } as const;
  const media = await mediaFacts(clip, signal);
  const record: ClipRecord = {
    ...{ filename: 'cam 1/walk.avi', outcome: ok, probabilities: [0.7, 0.1, 0.3, 0], media, site: 's' },
    ...{ coordinates: null, time: null, seen: seen('person') },
  };
  records = [record];
});
afterAll(() => folder.remove());

/** Pixels near to the black and white of the chessboard, by frame. */
async function recognisable(path: string): Promise<number[]> {
  const counts: number[] = [];
  for await (const frame of await openFrames(path)) {
    counts.push(frame.luma().filter((grey) => grey < 30 || grey > 210).length);
  }
  return counts;
}

it('blurs people on every frame of a clip, between looks too, and the package says so', async () => {
  const out = folder.join('package');
  const packed = await packMedia(out, records, classes, options);
  expect(await readdir(join(out, 'media'), { recursive: true })).toEqual(['cam 1', 'cam 1/walk.avi.blurred.mp4']);
  expect(packed.warnings).toEqual([
    'people are blurred in 1 clip, as far as the detector saw them: watch what you publish',
  ]);
  const before = await recognisable(folder.join('clips/cam 1/walk.avi'));
  const after = await recognisable(join(out, 'media/cam 1/walk.avi.blurred.mp4'));
  expect(after).toHaveLength(before.length);
  expect(Math.min(...before)).toBeGreaterThan(300);
  expect(Math.max(...after)).toBe(0);

  const settings = { ...options, classifiedBy: 'P 1', created: '2026-01-02T03:04:05Z', caveats: [] };
  await writeCamtrapPackage(out, packed.records, classes, { ...settings, software: { title: 'P', version: '1' } });
  if (schemas !== undefined) expect(await camtrapFaults(out, schemas)).toEqual([]);
  const { header, rows } = await readTextTable(join(out, 'media.csv'));
  const cell = (name: string) => rows[0]?.[header.indexOf(name)];
  expect(['filePath', 'filePublic', 'fileMediatype'].map(cell)).toEqual([
    'media/cam 1/walk.avi.blurred.mp4',
    'true',
    'video/mp4',
  ]);
  expect(cell('mediaComments')).toContain('people blurred, sound left out');
});

it('copies a clip without people as it is, and leaves out one that shows some whom no detector saw', async () => {
  const [clip] = records as [ClipRecord];
  const named = (filename: string, rest: Partial<ClipRecord>) => ({ ...clip, filename, seen: nobody, ...rest });
  const review = { species: ['human'], by: null, at: null };
  const all = [
    named('a.avi', { seen: seen('animal') }),
    named('b.avi', { review }),
    named('c.avi', { probabilities: [0.1, 0, 0.9, 0] }),
    named('d.avi', { outcome: { ...clip.outcome, status: 'failed', fault: 'not-media' }, probabilities: null }),
  ];
  const out = folder.join('mixed');
  const path = folder.join('clips/cam 1/walk.avi');
  const packed = await packMedia(out, all, classes, { ...options, pathOf: () => path });
  expect(await readdir(join(out, 'media'))).toEqual(['a.avi']);
  expect(await sha256File(join(out, 'media/a.avi'))).toBe(await sha256File(path));
  expect(packed.records.map((record) => record.packed)).toEqual([
    { name: 'media/a.avi', isPublic: true, note: '' },
    { name: null, isPublic: false, note: 'not in this package: it shows people, and no detector found where' },
    { name: null, isPublic: false, note: 'not in this package: it shows people, and no detector found where' },
    { name: null, isPublic: false, note: 'not in this package: the file was not read' },
  ]);
  expect(packed.warnings.at(-1)).toBe('2 clips left out: they show people, and the detector saw none');
});

it.each([
  ['no detector looked', { seen: undefined }, classes],
  ['it looked at no frame', { seen: { ...nobody, looks: [] } }, classes],
  ['it knows no people', {}, ['blank', 'animal']],
])('refuses to share where %s, and writes nothing', async (_, rest, known) => {
  const out = folder.join('refused');
  const clip = { ...(records[0] as ClipRecord), ...rest };
  await expect(packMedia(out, [clip], known, options)).rejects.toMatchObject({ code: 'EXCHANGE_PEOPLE' });
  await expect(readdir(out)).rejects.toThrow();
});

it('leaves out a file that is not the one that was looked at', async () => {
  const packed = await packMedia(folder.join('other'), records, classes, { ...options, digestOf: () => 'another' });
  expect(packed.records[0]?.packed?.note).toContain('another file has its name by now');
});

it('shows people where that is asked for, as not public, and never shares a folder with clips of before', async () => {
  const out = folder.join('own');
  const own = { ...options, showPeople: true };
  const packed = await packMedia(out, [{ ...(records[0] as ClipRecord), seen: undefined }], classes, own);
  expect(packed.records[0]?.packed).toEqual({ name: 'media/cam 1/walk.avi', isPublic: false, note: '' });
  expect(packed.warnings).toEqual(['people in the clips are visible: this package is for your own use']);
  await expect(packMedia(out, records, classes, options)).rejects.toMatchObject({ code: 'EXCHANGE_MEDIA' });
  await mkdir(folder.join('empty/media'), { recursive: true });
  await writeFile(folder.join('empty/media.csv'), '');
  await packMedia(folder.join('empty'), records, classes, options);
  expect((await readFile(folder.join('empty/media/cam 1/walk.avi.blurred.mp4'))).length).toBeGreaterThan(500);
});
