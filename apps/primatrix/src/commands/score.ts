import { readLabels, readPredictions, readSitesOfClips, score, type ClipOrigin, type Score } from '@primatrix/dataset';
import { Command } from 'commander';
import { exitStatus } from '../terminal/exit-status.ts';
import type { Session } from '../terminal/session.ts';
import { count, formatTable, onOneLine } from '../terminal/format.ts';

/** `primatrix score`: compares predictions with labels. */
export function scoreCommand(session: Session): Command {
  return new Command('score')
    .description(
      "Scores predictions with the competition's log loss (mean over classes of binary log loss), accuracy and " +
        'more, each ± one standard error.',
    )
    .requiredOption('--labels <csv>', 'filename and one 0/1 column a class')
    .requiredOption('--predictions <csv>', 'filename and one probability column a class')
    .option('--sites <csv>', 'filename and site: standard errors then count clips of one site as alike')
    .option('--json', 'print all figures as one JSON object')
    .addHelpText('after', '\nExample:\n  $ primatrix score --labels test_labels.csv --predictions predictions.csv')
    .action(async (options: { labels: string; predictions: string; sites?: string; json?: true }) => {
      const [labels, predictions] = [await readLabels(options.labels), await readPredictions(options.predictions)];
      const result = score({
        labels,
        predictions,
        ...(options.sites === undefined ? {} : { sites: await sitesOf(labels.filenames, options.sites) }),
      });
      if (result.unscored.length > 0) {
        session.status = exitStatus.failed;
        process.stderr.write(
          `${count(result.unscored.length, 'labelled clip')} without prediction, in no figure: ${result.unscored.slice(0, 10).join(', ')}\n`,
        );
      }
      console.log(options.json ? JSON.stringify(result, null, 2) : describe(result));
    });
}

/** Sites of clips by a table; what of both does not belong together is said. */
export async function sitesOf(filenames: readonly string[], file: string): Promise<ReadonlyMap<string, ClipOrigin>> {
  const { sites, unmatched } = await readSitesOfClips(filenames, file);
  for (const sentence of unmatched) process.stderr.write(`warning: ${onOneLine(sentence)}\n`);
  return sites;
}

/** The figures as people read them. */
function describe(result: Score): string {
  const { standardError } = result;
  const off = (error: number | null, digits: number) => (error === null ? '' : ` ± ${error.toFixed(digits)}`);
  const rows = Object.entries(result.perClass).map(([name, loss]) => [
    name,
    loss.toFixed(6),
    result.averagePrecision[name]?.toFixed(4) ?? '-',
  ]);
  return [
    `log loss  ${result.logLoss.toFixed(6)}${off(standardError.logLoss, 6)}`,
    `accuracy  ${result.accuracy.toFixed(4)}${off(standardError.accuracy, 4)}`,
    `top 3     ${result.top3.toFixed(4)}`,
    `clips     ${result.scored}`,
    `± is one standard error, by bootstrap over ${count(standardError.groups, standardError.by)}`,
    '',
    formatTable(['class', 'log loss', 'average precision'], rows),
  ].join('\n');
}
