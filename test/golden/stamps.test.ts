import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { settleTimes, StampReader, type Stamp } from '@primatrix/stamps';
import { sharedData } from '@primatrix/testkit';
import { expect, it } from 'vitest';

const truth = sharedData('ena24/stamps.csv');

// Photographs of two makers, by day and by night; what stands in them was read by eye.
it.skipIf(truth === undefined)('reads time and camera of 14 photographs, and no temperature wrong', async () => {
  const table = (await readFile(truth ?? '', 'utf8')).trim().split('\n').slice(1);
  const rows = table.map((row) => row.split(',') as [string, string, string, string, string]);
  const reader = await StampReader.open();
  const stamps: Stamp[] = [];
  for (const [file] of rows) stamps.push(await reader.readFile(join(dirname(truth ?? ''), file)));
  const times = settleTimes(stamps);
  expect(rows.map(([file], i) => [file, times[i], stamps[i]?.camera])).toEqual(
    rows.map(([file, , capturedAt, camera]) => [file, capturedAt, camera]),
  );
  const heat = rows.map(([file, , , , temperature], i) => [file, stamps[i]?.temperature ?? null, temperature]);
  expect(heat.filter(([, read, right]) => read !== null && read !== right)).toEqual([]);
  expect(heat.filter(([, read]) => read !== null).length).toBeGreaterThanOrEqual(10);
});
