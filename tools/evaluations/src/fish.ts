import { parseArgs } from 'node:util';
import { evaluateFish, type FishResult } from './evaluate-fish.ts';
import { evaluateFishFewLabels, type FishFewLabels } from './fish-few-labels.ts';
import { readFish } from './read-fish.ts';

const usage =
  'Usage: node tools/evaluations/dist/fish.js --features <safetensors> [--few-labels] [--data <dir>] [--json]\n' +
  '  --few-labels  from 1, 2, 4 and 8 labelled tracks a species, instead of five folds\n';

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    features: { type: 'string' },
    'few-labels': { type: 'boolean', default: false },
    data: { type: 'string', default: '../shared/data/fish4knowledge' },
    json: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(usage);
} else if (values.features === undefined) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  const pictures = await readFish(values.data, values.features);
  const onProgress = (note: string) => void process.stderr.write(`${note} ...\n`);
  const result = values['few-labels']
    ? await evaluateFishFewLabels(pictures, { onProgress })
    : await evaluateFish(pictures, { onProgress });
  const lines = 'scores' in result ? ofFolds(result) : result.map(ofTracks);
  process.stdout.write(`${values.json ? JSON.stringify(result, null, 2) : lines.join('\n')}\n`);
}

function ofFolds({ pictures, species, folds, strength, scores }: FishResult): string[] {
  const rows = Object.entries(scores).map(
    ([name, { accuracy, standardError, macroF1, logLoss }]) =>
      `${name.padEnd(32)} accuracy ${(100 * accuracy).toFixed(2)} % (${(100 * (standardError ?? Number.NaN)).toFixed(2)}), macro-F1 ${macroF1.toFixed(3)}, log loss ${logLoss.toFixed(4)}`,
  );
  return [`${pictures} pictures of ${species} species, five folds ${folds}, strength ${strength}`, ...rows];
}

function ofTracks({ labelledASpecies, labelled, tested, draws, accuracy, standardError }: FishFewLabels): string {
  return (
    `${labelledASpecies} labelled tracks a species (${labelled} in all, ${tested} tested, ${draws} draws): ` +
    `accuracy ${(100 * accuracy).toFixed(1)} %, standard error ${(100 * standardError).toFixed(1)}`
  );
}
