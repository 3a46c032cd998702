import { makeSampleDataset } from '@primatrix/sample-dataset';
import { Command } from 'commander';
import type { Session } from '../terminal/session.ts';
import { wholeNumber } from '../options/parse-option.ts';
import { Progress } from '../terminal/progress.ts';

/** `primatrix sample`: draws the sample dataset. */
export function sampleCommand(session: Session): Command {
  return new Command('sample')
    .description(
      'Draws a small dataset of camera-trap clips by code, from a seed: 8 classes, 6 sites, day and night, with ' +
        'sound. Three of the files are damaged on purpose.',
    )
    .requiredOption('--out <dir>', 'folder to make')
    .option('--clips <n>', 'number of clips', wholeNumber({ min: 16 }), 96)
    .option('--seed <n>', 'seed: the same seed gives the same dataset', wholeNumber({ min: 0 }), 1)
    .option('--json', 'print a summary as JSON')
    .addHelpText('after', '\nExample:\n  $ primatrix sample --out data/sample')
    .action(async (options: { out: string; clips: number; seed: number; json?: true }) => {
      const progress = new Progress('sample');
      const summary = await makeSampleDataset({
        out: options.out,
        clips: options.clips,
        seed: options.seed,
        signal: session.signal,
        onProgress: ({ done, total, file }) => progress.update(done / total, file),
      });
      progress.finish(`sample dataset in ${options.out}`);
      if (options.json) console.log(JSON.stringify(summary, null, 2));
      else console.log(`Next: primatrix train --dataset ${options.out}`);
    });
}
