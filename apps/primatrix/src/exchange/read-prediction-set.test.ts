import { readFile, writeFile } from 'node:fs/promises';
import { builtInTaxa } from '@primatrix/exchange';
import { temporaryFolder } from '@primatrix/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { predictionFormats, writeResult, type PredictionSet } from './prediction-formats.ts';
import { readPredictionSet } from './read-prediction-set.ts';

const ok = { status: 'ok', fault: null, reason: '', framesDecoded: 2, framesExpected: 2 } as const;
const rest = { sha256: null, members: {}, padded: {} };
const facts = {
  origins: undefined,
  taxa: builtInTaxa,
  properties: undefined,
  threshold: 0.5,
  timeZone: undefined,
  namePattern: undefined,
  localClock: false,
  pathOf: () => undefined,
  classifier: 'Primatrix 1',
  fresh: false,
  signal: new AbortController().signal,
};

const word = fc.oneof(
  fc.constantFrom(
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'a,b',
    '"',
    'x;y',
    'l\u00e9o',
    'two\nlines',
  ),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 5 })
    .map((text) =>
      text
        .replaceAll(/[/\\\0\uFEFF]/g, '_')
        .normalize('NFC')
        .trim(),
    )
    .filter((text) => !['', '.', '..'].includes(text)),
);
const taken = ['filename', 'fold', 'status', 'fault', 'reason', 'frames_decoded', 'frames_expected'];
const distinct = { selector: (text: string) => text.toLowerCase() };

describe('predictions of whatever clips and classes', () => {
  it.each(['csv', 'json', 'parquet'] as const)('come back from %s as they were', async (format) => {
    await using folder = await temporaryFolder();
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          word.filter((name) => !taken.includes(name.toLowerCase())),
          { minLength: 1, maxLength: 4, ...distinct },
        ),
        fc.uniqueArray(word, { minLength: 1, maxLength: 4 }),
        async (classes, names) => {
          const predictions = names.map((filename, i) => ({
            ...rest,
            filename,
            outcome: ok,
            probabilities: classes.map((_, c) => (i + c) / 8),
          }));
          const path = folder.join(`p.${format}`);
          await writeResult(path, format, { classes, warnings: [], predictions }, facts);
          const back = await readPredictionSet(path);
          expect(back.classes).toEqual(classes);
          // Tables of Parquet are sorted by name.
          const byName = (rows: PredictionSet['predictions']) =>
            new Map(rows.map(({ filename, probabilities }) => [filename, probabilities]));
          expect(byName(back.predictions)).toEqual(byName(predictions));
        },
      ),
      { numRuns: format === 'parquet' ? 8 : 40 },
    );
  });

  it.each(predictionFormats)('are written as %s where classes are called as what objects have', async (format) => {
    await using folder = await temporaryFolder();
    const set: PredictionSet = {
      classes: ['__proto__', 'constructor', 'toString'],
      warnings: [],
      predictions: [{ ...rest, filename: 'constructor', outcome: ok, probabilities: [0.9, 0.8, 0.1] }],
    };
    await writeResult(folder.join('out'), format, set, facts);
    const file = folder.join(format === 'camtrap-dp' ? 'out/observations.csv' : 'out');
    if (format !== 'parquet') expect(await readFile(file, 'utf8')).toMatch(/__proto__[^]*constructor/);
  });
});

describe('what is refused', () => {
  const row = { ...rest, filename: 'a.mp4', ...ok, probabilities: { hog: 0.5 } };
  const read = async (...rows: object[]) => {
    await using folder = await temporaryFolder();
    const text = JSON.stringify({ schema: 1, classes: ['hog'], warnings: [], rows });
    await writeFile(folder.join('p.json'), `\uFEFF${text}`);
    return await readPredictionSet(folder.join('p.json'));
  };

  it.each([
    [[row, row], /a\.mp4 is there twice/],
    [[row, { ...row, filename: './a.mp4' }], /a\.mp4 is there twice/],
    [[{ ...row, filename: '../a.mp4' }], /no path inside/],
    [[{ ...row, filename: 'C:\\a.mp4' }], /no path inside/],
    [[{ ...row, probabilities: { hog: 2 } }], /no predictions in JSON/],
    [[{ ...row, probabilities: [0.5] }], /must be an object/],
  ])('%j', async (rows, says) => expect(read(...rows)).rejects.toThrow(says));

  it('and a byte order mark is not', async () =>
    expect((await read(row)).predictions[0]?.probabilities).toEqual([0.5]));
});
