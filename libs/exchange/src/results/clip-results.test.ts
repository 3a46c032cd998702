import { writeFile } from 'node:fs/promises';
import { sharedData, temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { readClipResults } from './clip-results.ts';
import type { ClipResults } from './result-rows.ts';

const rowsOf = ({ columns, rows }: ClipResults) =>
  Object.fromEntries(
    [...rows].map(([name, row]) => [name, Object.fromEntries(columns.map((column, i) => [column, row[i]]))]),
  );

async function read(name: string, content: unknown): Promise<ClipResults> {
  await using folder = await temporaryFolder();
  const path = folder.join(name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return await readClipResults(path);
}

const megaDetector = {
  info: { format_version: '1.4', detector: 'md_v5.0.0', classifier: 'c' },
  detection_categories: { '1': 'animal', '2': 'person' },
  classification_categories: { '0': 'fox', '1': 'skunk' },
  images: [
    {
      file: 'site\\a.mp4',
      detections: [
        { category: '1', conf: 0.4, bbox: [0, 0, 0.5, 0.5], frame_number: 0, classifications: [['0', 0.9]] },
        { category: '1', conf: 0.8, bbox: [0, 0, 0.2, 0.5], frame_number: 9, classifications: [['0', 0.6]] },
      ],
    },
    { file: 'blank.mp4', detections: [] },
    { file: 'broken.mp4', failure: 'Failure video access', detections: null },
  ],
};

it("reads MegaDetector's results: the highest of all frames, nothing seen, and not looked at", async () => {
  const results = await read('md.json', megaDetector);
  expect(results).toMatchObject({ format: 'megadetector', madeBy: 'md_v5.0.0, c' });
  expect(rowsOf(results)).toEqual({
    'site/a.mp4': {
      ...{ animal_score: 0.8, animal_area: 0.25, person_score: 0, person_area: Number.NaN },
      ...{ fox: 0.9, skunk: 0 },
    },
    'blank.mp4': {
      ...{ animal_score: 0, animal_area: Number.NaN, person_score: 0, person_area: Number.NaN },
      ...{ fox: 0, skunk: 0 },
    },
    'broken.mp4': Object.fromEntries(results.columns.map((column) => [column, Number.NaN])),
  });
});

it("reads SpeciesNet's predictions: classes by their last name, and failures as missing", async () => {
  const fox = 'id;mammalia;carnivora;canidae;vulpes;vulpes;red fox';
  const results = await read('sn.json', {
    predictions: [
      {
        filepath: '/data/a.jpg',
        classifications: { classes: [fox, 'id;mammalia;carnivora;canidae;;;'], scores: [0.7, 0.2] },
        detections: [{ category: '1', label: 'animal', conf: 0.95, bbox: [0, 0, 1, 1] }],
        prediction: fox,
        prediction_score: 0.7,
        model_version: '4.0.1a',
      },
      { filepath: '/data/b.jpg', detections: [] },
      { filepath: '/data/c.jpg', failures: ['CLASSIFIER'], detections: [] },
    ],
  });
  expect(results).toMatchObject({ format: 'speciesnet', madeBy: '4.0.1a' });
  const [none, missing] = [0, Number.NaN].map((value) => ({
    animal_score: value,
    'red fox': value,
    canidae: value,
    'said_red fox': value,
  }));
  expect(rowsOf(results)).toEqual({
    '/data/a.jpg': { animal_score: 0.95, 'red fox': 0.7, canidae: 0.2, 'said_red fox': 0.7 },
    '/data/b.jpg': none,
    '/data/c.jpg': missing,
  });
});

it("reads zamba's probabilities", async () => {
  const results = await read('zamba.csv', 'filepath,hog,blank\nx/a.mp4,0.25,0.75\nb.mp4,,\n');
  expect(rowsOf(results)).toEqual({
    'x/a.mp4': { hog: 0.25, blank: 0.75 },
    'b.mp4': { hog: Number.NaN, blank: Number.NaN },
  });
});

it.each([
  ['no JSON', 'r.json', '{', /EXCHANGE_FILE.*no JSON/],
  ['JSON of something else', 'r.json', { boxes: [] }, /EXCHANGE_FILE.*neither "images" nor "predictions"/],
  [
    'a confidence above 1',
    'r.json',
    { ...megaDetector, images: [{ file: 'a', detections: [{ category: '1', conf: 2 }] }] },
    /EXCHANGE_FILE.*conf/,
  ],
  [
    'a clip twice',
    'r.json',
    { ...megaDetector, images: [{ file: 'a' }, { file: './a' }] },
    /EXCHANGE_VALUE.*names a twice/,
  ],
  ['no clips', 'r.json', { ...megaDetector, images: [] }, /EXCHANGE_EMPTY/],
  ['names of classes instead of probabilities', 'r.csv', 'filepath,label\na.mp4,hog\n', /EXCHANGE_VALUE.*probability/],
  ['no column of names', 'r.csv', 'clip,hog\na.mp4,0.1\n', /EXCHANGE_COLUMN.*filepath/],
])('refuses %s', async (_, name, content, message) => {
  const error: unknown = await read(name, content).catch((reason: unknown) => reason);
  const { code, message: text } = error as { code: string; message: string };
  expect(`${code} ${text}`).toMatch(message);
});

const shared = sharedData('ena24/megadetector-1.4.json');
it.skipIf(shared === undefined)('reads a results file of 1.4 (needs the shared data folder)', async () => {
  const { columns, rows, madeBy } = await readClipResults(shared ?? '');
  expect(madeBy).toBe('md_v5.0.0, ecosystem1_v2');
  expect(rows.size).toBe(21);
  const opossum = rows.get('2480.jpg')?.[columns.indexOf('virginia_opossum')];
  expect([opossum, rows.get('2480.jpg')?.[columns.indexOf('animal_score')]]).toEqual([0.941, 0.926]);
});
