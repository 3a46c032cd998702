import { availableParallelism } from 'node:os';
import { dirname, relative, resolve } from 'node:path';
import { prepareFamilies } from '@primatrix/families';
import { devices, type Device } from '@primatrix/onnx';
import { familiesOfBundle, nextRefitFolder, readBundle, type RefitCard, type RefitScores } from '@primatrix/prediction';
import { refitSecondLevel } from '@primatrix/training';
import { Command } from 'commander';
import { lockOut } from '../exchange/lock-out.ts';
import { installedFamilies } from '../installed-families.ts';
import { choice } from '../options/parse-option.ts';
import { threadsOption } from '../options/threads-option.ts';
import { readCorrections, type CorrectionOptions } from '../training/refit-corrections.ts';
import type { Session } from '../terminal/session.ts';
import { count, formatTable } from '../terminal/format.ts';
import { Progress } from '../terminal/progress.ts';
import { whilePreparing } from '../while-preparing.ts';

interface RefitOptions extends CorrectionOptions {
  readonly device: Device;
  readonly threads?: number;
  readonly bundle: string;
  readonly training?: string;
  readonly out?: string;
  readonly json?: true;
}

/** `primatrix refit`: people's corrections in, a new second level out. */
export function refitCommand(session: Session): Command {
  return new Command('refit')
    .description(
      'Fits stackers and ensemble of a bundle again, to the training clips and to clips that people have reviewed, ' +
        'and writes a new bundle; the old one is never changed. Nets are not trained and clips are not decoded. Each ' +
        're-fit starts from the training: give all corrections, not only the new ones.',
    )
    .requiredOption('--bundle <dir>', 'bundle folder that train made, or an earlier re-fit of it')
    .option('--training <dir>', 'what train left, artifacts/<dataset> (default: the folder that the bundle lies in)')
    .option('--project <dir>', 'review project of serve --ui: its decided clips are the corrections')
    .option(
      '--labels <csv>',
      "labels: filename and one 0/1 column a class; of clips of the training's dataset, or of those in --records",
    )
    .option('--records <file>', 'what the first level said of the clips of --labels: predict --records writes it')
    .option('--out <dir>', 'folder of the new bundle (default: <bundle>-refit-1, -2, ...)')
    .addOption(choice('--device <name>', 'what fits dense stackers', devices, 'cpu'))
    .addOption(threadsOption())
    .option('--json', 'print the scores as one JSON object')
    .addHelpText(
      'after',
      '\n' +
        'Examples:\n' +
        '  $ primatrix refit --bundle artifacts/sample/bundle --project my-season\n' +
        '  $ primatrix predict card/ --bundle bundle --out predictions.csv --records card.jsonl\n' +
        '  $ primatrix refit --bundle bundle --training artifacts/sample --labels corrections.csv --records ' +
        'card.jsonl',
    )
    .action(async (options: RefitOptions) => {
      const started = performance.now();
      const bundle = await readBundle(options.bundle);
      const corrections = await readCorrections(options, bundle, (line) => process.stderr.write(`${line}\n`));
      const families = await installedFamilies();
      await whilePreparing(session, (told) => prepareFamilies(familiesOfBundle(families, bundle.manifest), told));
      const out = resolve(options.out ?? nextRefitFolder(resolve(options.bundle)));
      await using _lock = await lockOut('refit', out);
      const progress = new Progress('refit');
      const card = await refitSecondLevel({
        bundle: options.bundle,
        training: resolve(options.training ?? dirname(resolve(options.bundle))),
        corrections,
        families,
        out,
        threads: options.threads ?? availableParallelism(),
        device: options.device,
        signal: session.signal,
        onProgress: (done, note) => progress.update(done, note),
      });
      progress.finish('fitted again');
      const seconds = (performance.now() - started) / 1000;
      const place = options.out ?? relative('.', out);
      if (options.json) console.log(JSON.stringify({ ...card, bundle: place, seconds }, null, 2));
      else console.log(describe(card, place, seconds));
    });
}

function describe({ corrections, folds, scores }: RefitCard, place: string, seconds: number): string {
  const { training, reviewed } = scores;
  const { reviewed: added, relabelled, confirmed } = corrections;
  const rows = [
    ['training clips', training.clips, 'before', ...figures(training.before)],
    ['', '', 'after', ...figures(training.after)],
    ...(reviewed === null
      ? []
      : [
          ['reviewed clips', reviewed.clips, 'before', ...figures(reviewed.before)],
          ['', '', 'after', ...figures(reviewed.after)],
        ]),
    ...(reviewed?.asPredicted == null ? [] : [['', '', 'old bundle', ...figures(reviewed.asPredicted)]]),
  ].map((row) => row.map(String));
  return [
    `${count(added, 'reviewed clip')} added, ${count(relabelled, 'training clip')} relabelled, ${confirmed} confirmed`,
    '',
    formatTable(['', 'clips', '', 'log loss', 'accuracy'], rows),
    '',
    `before and after: out of fold, by models that learned from no clip of the site; ± is one standard error`,
    ...(reviewed?.asPredicted == null ? [] : [`old bundle: as it predicts, the mean of ${count(folds, 'such model')}`]),
    ...[gained('training', training), ...(reviewed === null ? [] : [gained('reviewed', reviewed)])],
    ...(reviewed?.groups.count === 1
      ? ['All reviewed clips are of one site: what is learned from them cannot show there, only at other sites.']
      : []),
    '',
    `bundle  ${place}  (${seconds.toFixed(1)} s)`,
    `Next: primatrix predict <clips> --bundle ${place} --out predictions.csv`,
  ].join('\n');
}

function figures({ logLoss, accuracy, standardError }: RefitScores['training']['before']): [string, string] {
  return [off(logLoss, standardError.logLoss, 4), off(accuracy, standardError.accuracy, 3)];
}

function off(value: number, error: number | null, digits: number): string {
  return error === null ? value.toFixed(digits) : `${value.toFixed(digits)} ± ${error.toFixed(digits)}`;
}

function gained(which: string, { gain: { gain, standardError } }: RefitScores['training']): string {
  const sure = standardError !== null && Math.abs(gain) > 2 * standardError;
  return `${which} clips, clip by clip: log loss ${gain >= 0 ? 'lower' : 'higher'} by ${off(Math.abs(gain), standardError, 4)}${sure ? '' : ': within noise'}`;
}
