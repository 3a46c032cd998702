import { parseArgs } from 'node:util';
import { evaluateFish } from './evaluate-fish.ts';

const usage = 'Usage: node tools/evaluations/dist/fish.js --features <safetensors> [--data <dir>] [--json]\n';

const { values } = parseArgs({
  options: {
    features: { type: 'string' },
    data: { type: 'string', default: '../shared/data/fish4knowledge' },
    json: { type: 'boolean', default: false },
  },
});
if (values.features === undefined) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  const result = await evaluateFish({
    data: values.data,
    features: values.features,
    onProgress: (note) => void process.stderr.write(`${note} ...\n`),
  });
  const { pictures, species, folds, strength, scores } = result;
  const rows = Object.entries(scores).map(
    ([name, { accuracy, macroF1, logLoss }]) =>
      `${name.padEnd(32)} accuracy ${(100 * accuracy).toFixed(2)} %, macro-F1 ${macroF1.toFixed(3)}, log loss ${logLoss.toFixed(4)}`,
  );
  const head = `${pictures} pictures of ${species} species, five folds ${folds}, strength ${strength}`;
  process.stdout.write(values.json ? `${JSON.stringify(result, null, 2)}\n` : `${[head, ...rows].join('\n')}\n`);
}
