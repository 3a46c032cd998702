import { writeFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { columnOf } from './column-of.ts';
import { readOrigins } from './sites.ts';

it('finds a column as people spell it, and the very name first', () => {
  expect(columnOf(['filename', 'Captured At'], 'captured_at')).toBe(1);
  expect(columnOf(['CapturedAt', 'captured_at'], 'captured_at')).toBe(1);
  expect(columnOf(['filename', 'website'], 'site')).toBe(-1);
});

it.each(['site,captured_at', 'Site,Captured_At', 'SITE,capturedAt', 'site ,"Captured at"'])(
  'sites and times are read under %s',
  async (columns) => {
    await using folder = await temporaryFolder();
    await writeFile(folder.join('s.csv'), `filename,${columns}\na.mp4,"A ",2016-03-31T17:05:00Z\n`);
    const { hasSites, hasTimes, byFilename } = await readOrigins(folder.join('s.csv'));
    expect([hasSites, hasTimes]).toEqual([true, true]);
    expect(byFilename.get('a.mp4')).toEqual({ site: 'A', capturedAt: new Date('2016-03-31T17:05:00Z') });
  },
);
