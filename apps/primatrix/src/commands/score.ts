import { readLabels, readPredictions, score } from '@primatrix/dataset';
import { Command } from 'commander';
import { exitStatus } from '../exit-status.ts';
import type { Session } from '../session.ts';
import { count, formatTable } from '../terminal/format.ts';

/** `primatrix score`: compares predictions with labels. */
export function scoreCommand(session: Session): Command {
  return new Command('score')
    .summary('score predictions against labels')
    .description("Scores predictions with the competition's log loss (mean over classes of binary log loss), accuracy and more.")
    .requiredOption('--labels <csv>', 'filename and one 0/1 column a class')
    .requiredOption('--predictions <csv>', 'filename and one probability column a class')
    .option('--json', 'print all figures as one JSON object')
    .addHelpText('after', '\nExample:\n  $ primatrix score --labels test_labels.csv --predictions predictions.csv')
    .action(async (options: { labels: string; predictions: string; json?: true }) => {
      const result = score({ labels: await readLabels(options.labels), predictions: await readPredictions(options.predictions) });
      if (result.unscored.length > 0) {
        session.status = exitStatus.failed;
        process.stderr.write(`${count(result.unscored.length, 'labelled clip')} without prediction, in no figure: ${result.unscored.slice(0, 10).join(', ')}\n`);
      }
      if (options.json) {
        console.log(JSON.stringify(result, null, 2));
        return;
      }
      console.log(`log loss  ${result.logLoss.toFixed(6)}\naccuracy  ${result.accuracy.toFixed(4)}\ntop 3     ${result.top3.toFixed(4)}\nclips     ${result.scored}\n`);
      const rows = Object.entries(result.perClass).map(([name, loss]) => [name, loss.toFixed(6), result.averagePrecision[name]?.toFixed(4) ?? '-']);
      console.log(formatTable(['class', 'log loss', 'average precision'], rows));
    });
}
