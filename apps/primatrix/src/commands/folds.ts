import { foldsFromTables } from '@primatrix/dataset';
import { Command } from 'commander';
import { wholeNumber } from '../options/parse-option.ts';
import type { Session } from '../terminal/session.ts';
import { count, onOneLine } from '../terminal/format.ts';

/** `primatrix folds`: deals labelled clips into folds. */
export function foldsCommand(_session: Session): Command {
  return new Command('folds')
    .description(
      'Deals labelled clips into folds that are alike in their classes. Every clip is in exactly one; clips of one ' +
        'site stay together.',
    )
    .requiredOption('--labels <csv>', 'filename and one 0/1 column a class')
    .option('--sites <csv>', 'filename and site')
    .option('--folds <n>', 'number of folds', wholeNumber({ min: 2 }), 5)
    .option('--seed <n>', 'seed', wholeNumber({ min: 0 }), 1)
    .option('--json', 'print {"folds": [[filename, ...], ...]}')
    .addHelpText('after', '\nExample:\n  $ primatrix folds --labels train_labels.csv --sites clips.csv --json')
    .action(async (options: { labels: string; sites?: string; folds: number; seed: number; json?: true }) => {
      const tables = { labels: options.labels, ...(options.sites === undefined ? {} : { sites: options.sites }) };
      const { folds, warnings, unmatched } = await foldsFromTables(tables, {
        folds: options.folds,
        seed: options.seed,
      });
      for (const sentence of unmatched) process.stderr.write(`warning: ${onOneLine(sentence)}\n`);
      for (const warning of warnings) process.stderr.write(`warning: ${warning.message}\n`);
      if (options.json) console.log(JSON.stringify({ folds }));
      else folds.forEach((fold, i) => console.log(`fold ${i + 1} (${count(fold.length, 'clip')}): ${fold.join(', ')}`));
    });
}
