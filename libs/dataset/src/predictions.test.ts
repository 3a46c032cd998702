import { readFile, writeFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clipName, isInside } from './clip-name.ts';
import { readPredictions, writePredictions, type PredictionTable } from './predictions.ts';
import { score } from './score.ts';

const names = fc.uniqueArray(
  fc
    .string({ unit: 'binary', minLength: 1 })
    .map(clipName)
    .filter((name) => isInside(name)),
  { maxLength: 5 },
);
const probability = fc.double({ min: 0, max: 1, noNaN: true });

describe('writePredictions and readPredictions', () => {
  it('come back as they were: names, reasons and every bit of the numbers', async () => {
    await using folder = await temporaryFolder();
    const path = folder.join('p.csv');
    const table = names.chain((filenames) => {
      const one = fc.record({
        status: fc.constantFrom('ok' as const, 'degraded' as const, 'failed' as const),
        fault: fc.constantFrom(null, 'truncated' as const, 'tool-failed' as const),
        // Of a NUL see csv-line.
        reason: fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '\uFFFD')),
        framesDecoded: fc.option(fc.nat()),
        framesExpected: fc.option(fc.nat()),
      });
      const rows = filenames.length;
      return fc.record({
        classes: fc.constant(['other (a, "b"; c)', 'hog']),
        filenames: fc.constant(filenames),
        probabilities: fc
          .array(probability, { minLength: 2 * rows, maxLength: 2 * rows })
          .map((values) => Float64Array.from(values)),
        outcomes: fc.array(one, { minLength: rows, maxLength: rows }),
      });
    });
    await fc.assert(
      fc.asyncProperty(table, async (written: PredictionTable) => {
        await writePredictions(path, written);
        expect(await readPredictions(path)).toEqual(written);
      }),
      { numRuns: 150 },
    );
  });

  it('has the header that the command line promises', async () => {
    await using folder = await temporaryFolder();
    const path = folder.join('p.csv');
    const outcomes = [
      {
        status: 'degraded',
        fault: 'truncated',
        reason: '2 of 3 frames, then damage',
        framesDecoded: 2,
        framesExpected: 3,
      },
      { status: 'failed', fault: 'empty', reason: 'empty', framesDecoded: 0, framesExpected: null },
    ] as const;
    await writePredictions(path, {
      classes: ['bird'],
      filenames: ['a.mp4', 'b.mp4'],
      probabilities: Float32Array.of(0.25, Number.NaN),
      outcomes,
    });
    expect(await readFile(path, 'utf8')).toBe(
      'filename,status,fault,reason,frames_decoded,frames_expected,bird\n' +
        'a.mp4,degraded,truncated,"2 of 3 frames, then damage",2,3,0.25\n' +
        'b.mp4,failed,empty,empty,0,,\n',
    );
    const read = await readPredictions(path);
    expect(read.probabilities[1]).toBeNaN();
    expect(read.outcomes).toEqual(outcomes);
  });

  it.each([
    ['filename,bird\na.mp4,1.5\n', 'CSV_VALUE', { line: 2, column: 'bird', value: '1.5' }],
    ['filename,bird\na.mp4,\n', 'CSV_VALUE', { line: 2, column: 'bird', value: '' }],
    ['filename,bird\na.mp4,NaN\n', 'CSV_VALUE', { line: 2, column: 'bird', value: 'NaN' }],
    ['filename;bird\na.mp4;0,5\n', 'CSV_VALUE', { line: 2, column: 'bird', value: '0,5' }],
    ['filename,status,bird,hog\na.mp4,failed,,0.5\n', 'CSV_VALUE', { line: 2, column: 'bird', value: '' }],
    ['filename,status,bird\na.mp4,fine,1\n', 'CSV_VALUE', { line: 2, column: 'status', value: 'fine' }],
    ['filename,frames_decoded,bird\na.mp4,-1,1\n', 'CSV_VALUE', { line: 2, column: 'frames_decoded', value: '-1' }],
    ['filename,status,fault,bird\na.mp4,degraded,odd,1\n', 'CSV_VALUE', { line: 2, column: 'fault', value: 'odd' }],
    ['filename,status\na.mp4,ok\n', 'CSV_HEADER', {}],
  ])('refuses %j', async (text, code, fields) => {
    await using folder = await temporaryFolder();
    await writeFile(folder.join('p.csv'), text);
    await expect(readPredictions(folder.join('p.csv'))).rejects.toMatchObject({ code, fields });
  });

  it('refuses lengths that do not match before it writes', async () => {
    await expect(
      writePredictions('/nowhere/p.csv', { classes: ['a'], filenames: ['x'], probabilities: new Float64Array(2) }),
    ).rejects.toThrow('must be [1, 1]');
  });
});

describe('score', () => {
  const labels = {
    classes: ['bird', 'hog'],
    filenames: ['a', 'b', 'c', 'd'],
    labels: Uint8Array.of(1, 0, 0, 1, 1, 0, 0, 1),
  };

  it('matches clips and classes by name', () => {
    const predictions = {
      classes: ['hog', 'bird'],
      filenames: ['c', 'x', 'a', 'd', 'b'],
      probabilities: Float64Array.of(0.2, 0.5, 0, 0, 0.25, 0.5, Number.NaN, Number.NaN, Number.NaN, Number.NaN),
    };
    const result = score({ labels, predictions });
    expect(result.perClass['bird']).toBeCloseTo(Math.LN2, 14);
    expect(result.perClass['hog']).toBeCloseTo((-Math.log(0.75) - Math.log(0.8)) / 2, 14);
    expect(result.logLoss).toBeCloseTo(
      ((result.perClass['bird'] as number) + (result.perClass['hog'] as number)) / 2,
      14,
    );
    expect(result).toMatchObject({
      accuracy: 1,
      top3: 1,
      averagePrecision: { bird: 1, hog: null },
      meanAveragePrecision: 1,
      scored: 2,
      unscored: ['b', 'd'],
      unlabelled: ['x'],
    });
    expect(result.confusion.counts).toEqual([
      [2, 0],
      [0, 0],
    ]);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it('refuses missing and unknown classes by name', () => {
    const predictions = { classes: ['bird', 'pig'], filenames: ['a'], probabilities: Float64Array.of(0.5, 0.5) };
    expect(() => score({ labels, predictions })).toThrow('missing hog; unknown pig');
    expect(() =>
      score({ labels, predictions: { ...predictions, classes: ['bird'], probabilities: Float64Array.of(1) } }),
    ).toThrow('missing hog');
  });

  it('says how far the score may be off, drawing sites where they are known', () => {
    const predictions = {
      classes: ['bird', 'hog'],
      filenames: ['a', 'b', 'c', 'd'],
      probabilities: Float64Array.of(0.5, 0.5, 0.2, 0.9, 0.7, 0.1, 0.3, 0.6),
    };
    const alone = score({ labels, predictions });
    expect(alone.standardError).toMatchObject({ by: 'clip', groups: 4 });
    expect(alone.standardError.logLoss).toBeGreaterThan(0);
    const sites = new Map([
      ['a', { site: 's' }],
      ['b', { site: 't' }],
      ['c', { site: 's' }],
    ]);
    expect(score({ labels, predictions, sites })).toMatchObject({
      logLoss: alone.logLoss,
      standardError: { by: 'site', groups: 3 },
    });
    expect(alone.brierScore).toBeCloseTo((0.25 + 0.04 + 0.09 + 0.09 + 0.25 + 0.01 + 0.01 + 0.16) / 8, 12);
  });

  it('refuses predictions that lack rows, naming them', () => {
    const predictions = {
      classes: ['bird', 'hog'],
      filenames: ['a', 'c'],
      probabilities: Float64Array.of(0.5, 0.5, 0.5, 0.5),
    };
    expect(() => score({ labels, predictions })).toThrow('no row for 2 of 4 labelled clips: b, d');
    const failed = {
      classes: ['bird', 'hog'],
      filenames: ['a', 'b', 'c', 'd'],
      probabilities: new Float64Array(8).fill(Number.NaN),
    };
    expect(() => score({ labels, predictions: failed })).toThrow('all have failed');
  });

  it('refuses tables that have no clip in common', () => {
    const predictions = { classes: ['bird', 'hog'], filenames: ['a.mp4'], probabilities: Float64Array.of(0.5, 0.5) };
    expect(() => score({ labels, predictions })).toThrow('a among the labels, a.mp4 among the predictions');
  });
});
