import { readFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { parseTimeZone } from './capture-time/time-zone.ts';
import type { ClipRecord } from './clip-record.ts';
import { writeCocoCameraTraps } from './coco-camera-traps.ts';
import { builtInTaxa } from './taxa.ts';

const outcome = { status: 'ok', fault: null, reason: '', framesDecoded: 3, framesExpected: 3 } as const;
const media = { kind: 'video', fps: 25, frames: 50, durationSeconds: 2, width: 64, height: 48, time: null } as const;
const time = { local: '2020-03-01T22:00:00', zone: null, dayOnly: false, source: 'file-name' } as const;
const record = (
  filename: string,
  probabilities: readonly number[] | null,
  rest: Partial<ClipRecord> = {},
): ClipRecord => ({ filename, probabilities, outcome, media, site: 'ridge', coordinates: null, time, ...rest });

it('writes images, categories from "empty" on, and annotations that name both; failed clips are corrupt', async () => {
  await using folder = await temporaryFolder();
  const failed = {
    status: 'failed',
    fault: 'empty',
    reason: '0 bytes',
    framesDecoded: 0,
    framesExpected: null,
  } as const;
  const torn = { ...failed, status: 'degraded', fault: 'damaged', reason: '2 frames' } as const;
  const records = [
    record('é "1",\n.mp4', [0.1, 0.8, 0.6]),
    record('blank.mp4', [0.9, 0.1, 0]),
    record('unsure.mp4', [0.2, 0.3, 0.1]),
    record('bad.mp4', null, { outcome: failed, media: null, site: null, time: null }),
    record('torn.mp4', [0.1, 0.9, 0], { outcome: torn, media: null, site: null, time: null }),
  ];
  await writeCocoCameraTraps(folder.join('c.json'), records, ['blank', 'hog', 'new'], {
    taxa: builtInTaxa,
    threshold: 0.5,
    timeZone: parseTimeZone('+01:00'),
    classifier: 'Primatrix 1',
    created: '2026-01-02T00:00:00Z',
    caveats: [],
  });
  const { info, images, annotations, categories } = JSON.parse(await readFile(folder.join('c.json'), 'utf8')) as Record<
    string,
    object[]
  >;
  expect(info).toMatchObject({ version: '1.0', year: 2026 });
  expect(categories).toEqual([
    { id: 0, name: 'empty' },
    { id: 1, name: 'hog', scientific_name: 'Suidae' },
    { id: 2, name: 'new' },
    { id: 3, name: 'unknown' },
  ]);
  expect(images?.[0]).toEqual({
    id: 'é "1",\n.mp4',
    file_name: 'é "1",\n.mp4',
    width: 64,
    height: 48,
    location: 'ridge',
    datetime: '2020-03-01 22:00:00',
    datetime_source: 'file-name',
    datetime_zoned: '2020-03-01T22:00:00+01:00',
    frame_rate: 25,
    duration_seconds: 2,
  });
  expect(images?.[3]).toEqual({
    id: 'bad.mp4',
    file_name: 'bad.mp4',
    corrupt: true,
    failure: 'failed: 0 bytes [empty]',
  });
  expect(images?.[4]).toEqual({ id: 'torn.mp4', file_name: 'torn.mp4', degraded: '2 frames [damaged]' });
  expect(
    annotations?.map((annotation) => {
      const { image_id, category_id, score } = annotation as Record<string, unknown>;
      return [image_id, category_id, score];
    }),
  ).toEqual([
    ['é "1",\n.mp4', 1, 0.8],
    ['é "1",\n.mp4', 2, 0.6],
    ['blank.mp4', 0, 0.9],
    ['unsure.mp4', 3, 0.3],
    ['torn.mp4', 1, 0.9],
  ]);
  expect(new Set(annotations?.map((annotation) => (annotation as { id: string }).id)).size).toBe(5);
});
