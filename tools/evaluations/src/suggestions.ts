// What suggestions are worth after so many reviewed clips a species: `node tools/evaluations/dist/suggestions.js --help`.
import { parseArgs } from 'node:util';
import { evaluateSuggestions, readLabelledVectors } from './evaluate-suggestions.ts';

const usage =
  'Usage: node tools/evaluations/dist/suggestions.js --dataset <dir> --features <dir> [--by-site] [--draws 20] [--seed 1]\n' +
  '  --features  what `primatrix features <encoder> <dataset>/clips --out <dir>` wrote\n' +
  '  --by-site   test on clips of sites (clips.csv) that have no labelled clip\n';

const { values } = parseArgs({
  options: {
    dataset: { type: 'string' },
    features: { type: 'string' },
    'by-site': { type: 'boolean', default: false },
    draws: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
  },
});
const [draws, seed] = [Number(values.draws), Number(values.seed)];
if (values.dataset === undefined || values.features === undefined || !(draws >= 1) || !(seed >= 0)) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  const clips = await readLabelledVectors(values.dataset, values.features, { bySite: values['by-site'] });
  for (const labelledAClass of [1, 2, 4, 8]) {
    const { accuracy, standardError, labelled, tested } = await evaluateSuggestions(clips, {
      labelledAClass,
      draws,
      seed,
    });
    process.stdout.write(
      `${labelledAClass} a class (${labelled.toFixed(1)} labelled, ${tested.toFixed(1)} tested): ${(100 * accuracy).toFixed(1)} % right, ` +
        `standard error over ${draws} draws ${(100 * standardError).toFixed(1)}\n`,
    );
  }
}
