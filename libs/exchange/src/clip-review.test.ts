import { writeFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import type { ClipRecord } from './clip-record.ts';
import { readClipReviews } from './clip-review.ts';
import { cocoCameraTrapsText } from './coco-camera-traps.ts';
import { megaDetectorText } from './megadetector.ts';
import { builtInTaxa } from './taxa.ts';

const header = 'filename,site,decision,species,reviewed_at,reviewed_by';

async function read(...lines: string[]) {
  await using folder = await temporaryFolder();
  await writeFile(folder.join('review.csv'), `${[header, ...lines].join('\n')}\n`);
  return await readClipReviews(folder.join('review.csv'));
}

it('reads what the pages export; clips that nobody decided are left out', async () => {
  expect(
    await read(
      'a.mp4,s,corrected,hog|okapi,2026-02-03T04:05:06.789Z,J. Doe',
      'b.mp4,s,blank,,,',
      'c.mp4,s,unsure,,2026-02-03T04:05:06Z,',
      'd.mp4,s,,,,',
    ),
  ).toEqual(
    new Map([
      ['a.mp4', { species: ['hog', 'okapi'], by: 'J. Doe', at: '2026-02-03T04:05:06.789Z' }],
      ['b.mp4', { species: ['blank'], by: null, at: null }],
      ['c.mp4', { species: [], by: null, at: '2026-02-03T04:05:06Z' }],
    ]),
  );
});

it.each([
  ['a.mp4,s,perhaps,hog,,', /:2, column "decision".*perhaps/],
  ['a.mp4,s,accepted,,,', /column "species".*at least one/],
  ['a.mp4,s,accepted,hog,yesterday,', /column "reviewed_at".*yesterday/],
  ['a.mp4,s,accepted,hog,2026-02-03T04:05:06,', /column "reviewed_at".*time with its zone/],
  ['a.mp4,s,accepted,hog,2026-02-30T04:05:06Z,', /column "reviewed_at"/],
  ['a.mp4,s,accepted,hog,2026-02-03T04:05:06+99:99,', /column "reviewed_at"/],
  ['a.mp4,s,corrected,hog|blank,,', /:2, column "species".*blank clip shows nothing else/],
])('refuses %j with line and reason', async (line, says) => {
  await expect(read(line)).rejects.toThrow(says);
});

const observations =
  'filename,species,count,life_stage,sex,behaviour,from_seconds,to_seconds,observation_note,method,decided_by,decided_at';

async function readObserved(...lines: string[]) {
  await using folder = await temporaryFolder();
  await writeFile(folder.join('observations.csv'), `${[observations, ...lines].join('\n')}\n`);
  return await readClipReviews(folder.join('observations.csv'));
}

it('reads counts and behaviour of what people decided, several rows a clip', async () => {
  const by = 'human,J. Doe,2026-02-03T04:05:06Z';
  const found = await readObserved(
    `a.mp4,hog,2,juvenile,female,feeding,1.5,4,one limps,${by}`,
    `a.mp4,hog,1,,,,,,,${by}`,
    `a.mp4,okapi,,,,,,,,${by}`,
    `b.mp4,,,,,,,,,${by}`,
    'c.mp4,hog,,,,,,,,machine,,',
  );
  expect([...found.keys()]).toEqual(['a.mp4', 'b.mp4']);
  expect(found.get('a.mp4')).toMatchObject({
    species: ['hog', 'okapi'],
    by: 'J. Doe',
    observations: [
      { species: 'hog', count: 2, lifeStage: 'juvenile', sex: 'female', behaviour: 'feeding', from: 1.5, to: 4 },
      { species: 'hog', count: 1 },
    ],
  });
  expect(found.get('b.mp4')?.species).toEqual([]);
});

it.each([
  ['a.mp4,hog,0,,,,,,,human,,', /:2, column "count", value "0": must be at least 1/],
  ['a.mp4,hog,many,,,,,,,human,,', /column "count".*must be a whole number/],
  ['a.mp4,hog,,old,,,,,,human,,', /column "life_stage".*adult, subadult or juvenile/],
  ['a.mp4,hog,,,,,-1,,,human,,', /column "from_seconds".*must not be negative/],
  ['a.mp4,hog,,,,,,,,human,,yesterday', /column "decided_at".*time with its zone/],
])('refuses the observation %j with line and reason', async (line, says) => {
  await expect(readObserved(line)).rejects.toThrow(says);
});

const ok = { status: 'ok', fault: null, reason: '', framesDecoded: 3, framesExpected: 3 } as const;
const record = (filename: string, rest: Partial<ClipRecord> = {}): ClipRecord => ({
  filename,
  outcome: ok,
  probabilities: [0.1, 0.8, 0.2],
  media: null,
  site: 's',
  coordinates: null,
  time: null,
  ...rest,
});
const records = [
  record('two.mp4', { review: { species: ['hog', 'okapi'], by: 'J. Doe', at: '2026-02-03T04:05:06Z' } }),
  record('blank.mp4', { review: { species: ['blank'], by: null, at: null } }),
  record('unsure.mp4', { review: { species: [], by: null, at: null } }),
  record('machine.mp4'),
];
const classes = ['blank', 'duiker', 'hog'];

it('stands in MegaDetector results with a probability of 1; a blank clip has no detections, an unsure one what was predicted', () => {
  const {
    images,
    classification_categories: names,
    info,
  } = JSON.parse(megaDetectorText(records, classes, { taxa: builtInTaxa, classifier: 'P', caveats: [] })) as {
    images: { file: string; detections: { conf: number; classifications: [string, number][] }[] }[];
    classification_categories: Record<string, string>;
    info: { summary_report: string };
  };
  const found = images.map(({ file, detections }) => [
    file,
    detections.flatMap(({ classifications }) => classifications.map(([id, p]) => [names[id], p])),
  ]);
  const predicted = [
    ['duiker', 0.8],
    ['hog', 0.2],
  ];
  expect(found).toEqual([
    [
      'two.mp4',
      [
        ['hog', 1],
        ['okapi', 1],
      ],
    ],
    ['blank.mp4', []],
    ['unsure.mp4', predicted],
    ['machine.mp4', predicted],
  ]);
  expect(info.summary_report).toContain('Of 4 clips people have looked at 2');
});

it('stands in COCO Camera Traps as annotations without a score, with who and when', () => {
  const { annotations, categories } = JSON.parse(
    cocoCameraTrapsText(records, classes, {
      taxa: builtInTaxa,
      threshold: 0.5,
      classifier: 'P',
      created: '2026-01-01T00:00:00Z',
      caveats: [],
    }),
  ) as {
    annotations: { image_id: string; category_id: number; score?: number; annotated_by?: string }[];
    categories: { id: number; name: string }[];
  };
  expect(
    annotations.map(({ image_id: image, category_id: category, score, annotated_by: by }) => [
      image,
      categories.find(({ id }) => id === category)?.name,
      score,
      by,
    ]),
  ).toEqual([
    ['two.mp4', 'hog', undefined, 'J. Doe'],
    ['two.mp4', 'okapi', undefined, 'J. Doe'],
    ['blank.mp4', 'empty', undefined, undefined],
    ['unsure.mp4', 'unknown', undefined, undefined],
    ['machine.mp4', 'duiker', 0.8, undefined],
  ]);
});
