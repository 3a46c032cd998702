import { writeFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { isMissing, knownText } from './missing-value.ts';
import { readPredictions } from './predictions.ts';
import { readOrigins } from './sites.ts';

// pandas 2: pandas._libs.parsers.STR_NA_VALUES; R writes NA; people type dashes.
const words = [
  '',
  '#N/A',
  '#N/A N/A',
  '#NA',
  '-1.#IND',
  '-1.#QNAN',
  '-NaN',
  '-nan',
  '1.#IND',
  '1.#QNAN',
  '<NA>',
  'N/A',
];
const more = ['NA', 'NULL', 'NaN', 'None', 'n/a', 'nan', 'null', 'Null', 'none', '-', '--', '\u2013', '\u2014', ' NA '];

describe('cells of which nothing is known', () => {
  it.each([...words, ...more])('%j', async (word) => {
    expect(isMissing(word)).toBe(true);
    expect(knownText(word)).toBe('');
    await using folder = await temporaryFolder();
    await writeFile(folder.join('s.csv'), `filename,site,captured_at\na.mp4,"${word}","${word}"\n`);
    expect((await readOrigins(folder.join('s.csv'))).byFilename.get('a.mp4')).toEqual({});
    await writeFile(
      folder.join('p.csv'),
      `filename,status,fault,frames_decoded,frames_expected,bird\na.mp4,failed,"${word}","${word}","${word}","${word}"\n`,
    );
    const { outcomes, probabilities } = await readPredictions(folder.join('p.csv'));
    expect(outcomes?.[0]).toMatchObject({ status: 'failed', fault: null, framesDecoded: null, framesExpected: null });
    expect(probabilities[0]).toBeNaN();
  });

  it.each(['0', 'nancy', 'Naoise', '-1', 'no', 'nonesuch', 'N', 'constructor'])('%j says something', (word) =>
    expect(isMissing(word)).toBe(false),
  );

  it('what is known comes in composed Unicode, without outer spaces', () =>
    expect(knownText('Tai\u0308 \u00a0')).toBe('Ta\u00ef'));
});
