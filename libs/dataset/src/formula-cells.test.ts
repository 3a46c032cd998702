import { readFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { readPredictions, writePredictions } from './predictions.ts';

it('writes names of strangers so that no spreadsheet runs them, and reads them again', async () => {
  await using folder = await temporaryFolder();
  const filenames = ['=1+1.mp4', '-5.mp4', '@a/b.mp4', "'=1.mp4", '+x,y.mp4', 'a=b.mp4', '-7'];
  const classes = ['=HYPERLINK("x")', 'bird'];
  const path = folder.join('predictions.csv');
  const probabilities = Float64Array.from(filenames.flatMap((_, i) => [i / 10, 1e-7]));
  await writePredictions(path, { filenames, classes, probabilities });
  const lines = (await readFile(path, 'utf8')).split('\n');
  expect(lines.slice(0, 3)).toEqual(['filename,"\'=HYPERLINK(""x"")",bird', "'=1+1.mp4,0,1e-7", "'-5.mp4,0.1,1e-7"]);
  for (const line of lines) expect(line.replace(/^"/, '')).not.toMatch(/^[=+@]/);
  const back = await readPredictions(path);
  expect(back.filenames).toEqual(filenames);
  expect(back.classes).toEqual(classes);
  expect(back.probabilities).toEqual(probabilities);
});
