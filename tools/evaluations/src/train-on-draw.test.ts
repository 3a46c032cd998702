import { readLabels, readPredictions, writePredictions } from '@primatrix/dataset';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { trainOnDraw } from './train-on-draw.ts';

it('a training has the labels of the drawn clips alone, is scored clip by clip, and is not repeated', async () => {
  await using folder = await temporaryFolder();
  const classes = ['a', 'b'];
  const labels = Array.from({ length: 8 }, (_, i) => Uint8Array.from([0, 1], (c) => Number(i % 2 === c)));
  const filenames = labels.map((_, i) => `${i}.mp4`);
  const vectors = labels.map((own) => Float32Array.from([...own, 1]));
  const clips = { classes, labels, filenames, vectors, sites: labels.map(() => null) };
  let asked: readonly string[] = [];
  const run = async (args: readonly string[]) => {
    asked = args;
    const submission = folder.join('submission.csv');
    // In another order than the draw's: 7 is told wrong, 3, 4 and 5 right.
    const [told, probabilities] = [
      ['7.mp4', '4.mp4', '3.mp4', '5.mp4'],
      [0.9, 0.1, 0.8, 0.2, 0.1, 0.9, 0.4, 0.6],
    ];
    await writePredictions(submission, { classes, filenames: told, probabilities: Float64Array.from(probabilities) });
    return JSON.stringify({ places: { submission } });
  };
  const draw = { labelled: [1, 0], tested: [3, 4, 5, 7] };
  const options = { dataset: folder.join('data'), work: folder.join('work'), run };
  const first = await trainOnDraw(clips, draw, options);
  expect(first).toEqual({ suggestions: 1, training: 0.75 });
  const table = (option: string) => asked[asked.indexOf(option) + 1] ?? '';
  const labelled = { classes, filenames: ['1.mp4', '0.mp4'], labels: Uint8Array.of(0, 1, 1, 0) };
  expect(await readLabels(table('--labels'))).toEqual(labelled);
  const unknown = { classes, filenames: ['3.mp4', '4.mp4', '5.mp4', '7.mp4'], probabilities: new Float64Array(8) };
  expect(await readPredictions(table('--test'))).toEqual(unknown);
  asked = [];
  expect(await trainOnDraw(clips, draw, options)).toEqual(first);
  expect(asked).toEqual([]);
});
