// What suggestions are worth after so many reviewed clips a species: `node tools/evaluations/dist/suggestions.js --help`.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { evaluateSuggestions, readLabelledVectors } from './evaluate-suggestions.ts';
import { drawLabelled, overDraws } from './suggestion-draw.ts';
import { trainOnDraw, type TrainedDraw } from './train-on-draw.ts';

const usage =
  'Usage: node tools/evaluations/dist/suggestions.js --dataset <dir> --features <dir> [options]\n' +
  '  --features     what `primatrix features <encoder> <dataset>/clips --out <dir>` wrote\n' +
  '  --by-site      test on clips of sites (clips.csv) that have no labelled clip\n' +
  '  --draws        draws of labelled clips (default: 20)\n' +
  '  --seed         of the draws (default: 1)\n' +
  '  --train-draws  also `primatrix train` on the labelled clips of so many of the draws, 8 a class (default: 0)\n' +
  '  --work         folder of those trainings; given again, it goes on there (default: suggestions-work)\n';

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    dataset: { type: 'string' },
    features: { type: 'string' },
    'by-site': { type: 'boolean', default: false },
    draws: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    'train-draws': { type: 'string', default: '0' },
    work: { type: 'string', default: 'suggestions-work' },
  },
});
const [draws, seed, trainDraws] = [Number(values.draws), Number(values.seed), Number(values['train-draws'])];
const { dataset, features } = values;
const percent = (share: number) => (100 * share).toFixed(1);

if (values.help) {
  process.stdout.write(usage);
} else if (dataset === undefined || features === undefined || !(draws >= 1) || !(seed >= 0) || !(trainDraws >= 0)) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  const clips = await readLabelledVectors(dataset, features, { bySite: values['by-site'] });
  for (const labelledAClass of [1, 2, 4, 8]) {
    const { accuracy, standardError, labelled, tested } = await evaluateSuggestions(clips, {
      labelledAClass,
      draws,
      seed,
    });
    process.stdout.write(
      `${labelledAClass} a class (${labelled.toFixed(1)} labelled, ${tested.toFixed(1)} tested): ${percent(accuracy)} % right, ` +
        `standard error over ${draws} draws ${percent(standardError)}\n`,
    );
  }
  const trained: TrainedDraw[] = [];
  for (let number = 0; number < trainDraws; number++) {
    const draw = drawLabelled(clips, 8, seed, number);
    const own = await trainOnDraw(clips, draw, { dataset, work: resolve(values.work) });
    trained.push(own);
    process.stdout.write(
      `draw ${number}, 8 a class (${draw.labelled.length} labelled, ${draw.tested.length} tested): ` +
        `suggestions ${percent(own.suggestions)} %, training ${percent(own.training)} % right\n`,
    );
  }
  if (trained.length > 0) {
    const [before, after, gain] = [
      overDraws(trained.map(({ suggestions }) => suggestions)),
      overDraws(trained.map(({ training }) => training)),
      overDraws(trained.map(({ suggestions, training }) => training - suggestions)),
    ].map(({ accuracy, standardError }) => `${percent(accuracy)} (${percent(standardError)})`);
    process.stdout.write(
      `mean over draws (standard error): suggestions ${before} %, training ${after} %, more ${gain} points\n`,
    );
  }
}
