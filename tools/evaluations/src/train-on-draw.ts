import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readPredictions, writePredictions } from '@primatrix/dataset';
import { suggestFrom, type LabelledVectors } from './evaluate-suggestions.ts';
import { keptTraining } from './kept-training.ts';
import { primatrix } from './run-primatrix.ts';
import { shareRight, type Draw } from './suggestion-draw.ts';

/** Shares of the tested clips that are right, from the same labelled clips. */
export interface TrainedDraw {
  readonly suggestions: number;
  readonly training: number;
}

/**
 * Trains with the defaults on the labelled clips of a draw alone, and scores suggestions and ensemble on the clips that it tests.
 * @param options.work folder of tables and artifacts; features and trainings that are there are used again
 * @param options.run runs the command line
 */
export async function trainOnDraw(
  clips: LabelledVectors,
  { labelled, tested }: Draw,
  {
    dataset,
    work,
    run = primatrix,
  }: {
    readonly dataset: string;
    readonly work: string;
    readonly run?: (args: readonly string[]) => Promise<string>;
  },
): Promise<TrainedDraw> {
  const { classes, filenames, labels } = clips;
  const names = (rows: readonly number[]) => rows.map((row) => filenames[row] ?? '');
  const about = { dataset: resolve(dataset), labelled: names(labelled), tested: names(tested) };
  const trained = await keptTraining(join(work, 'trained'), about, async () => {
    await mkdir(work, { recursive: true });
    const [labelTable, testTable] = [join(work, 'labels.csv'), join(work, 'test.csv')];
    const truth = Float32Array.from(labelled.flatMap((row) => [...(labels[row] ?? [])]));
    await writePredictions(labelTable, { classes, filenames: names(labelled), probabilities: truth });
    const unknown = new Float32Array(tested.length * classes.length);
    await writePredictions(testTable, { classes, filenames: names(tested), probabilities: unknown });
    const printed = await run([
      ...['train', '--dataset', dataset, '--labels', labelTable, '--test', testTable],
      ...['--artifacts', join(work, 'artifacts'), '--json'],
    ]);
    const { places } = JSON.parse(printed) as { places: { submission: string } };
    return new Map([['ensemble', await readPredictions(places.submission)]]);
  });
  const said = trained.get('ensemble');
  const place = new Map(said?.filenames.map((name, row) => [name, row]));
  return {
    suggestions: shareRight(tested, clips, await suggestFrom(clips, labelled)),
    training: shareRight(tested, clips, (row, c) => {
      const at = (place.get(filenames[row] ?? '') ?? Number.NaN) * classes.length;
      return said?.probabilities[at + c] ?? Number.NaN;
    }),
  };
}
