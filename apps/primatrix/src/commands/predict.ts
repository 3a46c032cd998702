import { pipeline } from 'node:stream/promises';
import { UsageError } from '@primatrix/contracts';
import { devices } from '@primatrix/onnx';
import type { ClipPrediction } from '@primatrix/prediction';
import { Command, InvalidArgumentError } from 'commander';
import { withExchangeOptions } from '../exchange/exchange-options.ts';
import { checkOut, predictionFormats } from '../exchange/prediction-formats.ts';
import { describeScore } from '../predict/few-labels.ts';
import { featuresOption } from '../options/features-option.ts';
import { lookWithOption, modelsOption } from '../options/models-option.ts';
import { choice, latePolicy, several, wholeNumber } from '../options/parse-option.ts';
import { replicasOption } from '../options/replicas-option.ts';
import { threadsOption } from '../options/threads-option.ts';
import { timeOrderOption } from '../options/time-order-option.ts';
import { listPlaces, refuseAlike, withSettings } from '../predict/clips-to-predict.ts';
import type { PredictOptions } from '../predict/predict-options.ts';
import { runPredict } from '../predict/run-predict.ts';
import { exitStatus } from '../terminal/exit-status.ts';
import { count, onOneLine } from '../terminal/format.ts';
import type { Session } from '../terminal/session.ts';
import { tellUnlisted } from '../terminal/tell-unlisted.ts';

/** `primatrix predict`: clips in, one row each out. */
export function predictCommand(session: Session): Command {
  const command = new Command('predict')
    .description(
      'Predicts clips with the whole ensemble of a bundle, or, without any training, with models that are files: a ' +
        'detector tells blank, animal, person and vehicle, and a classifier what they are, or what is heard. An encoder ' +
        'and some labelled clips tell what the others show. Every input gets exactly one row: ok, degraded or failed. ' +
        'An interrupted run goes on where it stopped.',
    )
    .argument(
      '<clip...>',
      'video files, sounds, pictures, or folders of them; with --remote also s3://<bucket>/<key>, and ' +
        's3://<bucket>/<prefix>/ for all below',
    )
    .option('--bundle <dir>', 'bundle folder that train made')
    .option(
      '--model <name>',
      'instead of a bundle: a detector or a classifier that `models list` names; can be given again, for one of each',
      several,
    )
    .addOption(modelsOption())
    .option(
      '--labels <csv>',
      'with --model, an encoder: labels of some of the clips (filename and one 0/1 column a class), from one a class ' +
        'on; the others are predicted from them',
    )
    .addOption(lookWithOption())
    .addOption(featuresOption('clips, with a --bundle that learnt from such results'))
    .requiredOption('--out <file>', 'where the result goes; a folder for camtrap-dp')
    .addOption(choice('--format <name>', 'format of the result', predictionFormats, 'csv'))
    .addOption(choice('--device <name>', 'what computes', devices, 'cpu'))
    .addOption(threadsOption())
    .addOption(timeOrderOption('bundle'))
    .option('--records <file>', 'keep what the first level said of each clip, about 10 kB, for refit')
    .option('--dry-run', 'only list the files that would be predicted')
    .option('--json', 'print summary and rows as one JSON object')
    .optionsGroup('Services:')
    .option(
      '--remote',
      'let services on NATS_URL do the work (see serve); clips must lie where they can read them: on a shared disk ' +
        'or in an object store',
    )
    .option(
      '--store <place>',
      'with --remote: where the services keep tensors (default: PRIMATRIX_STORE, else artifacts/store)',
    )
    .option(
      '--versions <part@range>',
      'with --remote: versions of a part of the bundle; can be given again',
      pinned,
      {},
    )
    .option(
      '--without-after <seconds>',
      'with --remote: predict a clip without families that fail or have not answered by then; part=seconds for one ' +
        'of them, `wait` for no limit; can be given again (default: what the bundle says, else they are waited for)',
      latePolicy,
    )
    .option(
      '--wait <seconds>',
      'with --remote: how long to wait for a broker that is away (60)',
      wholeNumber({ min: 0 }),
    )
    .addOption(replicasOption())
    .addHelpText(
      'after',
      '\n' +
        'Examples:\n' +
        '  $ primatrix predict my-clips/ --bundle artifacts/sample/bundle --out predictions.csv\n' +
        '  $ primatrix predict my-clips/ --model yolox-nano --out predictions.csv\n' +
        '  $ primatrix predict my-clips/ --model dinov2-small --labels labels.csv --out predictions.csv\n' +
        '  $ primatrix predict a.mp4 b.avi --bundle bundle --out result.json --format json\n' +
        '  $ primatrix predict my-clips/ --bundle bundle --out package --format camtrap-dp --sites clips.csv ' +
        '--time-zone Africa/Kinshasa',
    );
  return withExchangeOptions(command).action(async (paths: string[], options: PredictOptions) => {
    checkSource(options);
    const listed = await listPlaces(paths, options);
    const { files, skipped, unreadable } = listed;
    tellUnlisted(listed, session);
    if (files.length === 0) {
      throw new UsageError('PREDICT_NOTHING', `predict: there are no clips in ${paths.join(', ')}`);
    }
    if (options.dryRun) {
      for (const file of files) console.log(file.path);
      return;
    }
    refuseAlike(files);
    // Found out now, not after hours of work.
    await checkOut('predict', options.out, options.format);
    const { ledger, predictions, warnings, score } = await runPredict(
      await withSettings(files, options, (text) => process.stderr.write(`warning: ${onOneLine(text)}\n`)),
      options,
      session,
    );
    if (ledger.failed > 0) session.status = exitStatus.failed;
    if (options.json) {
      await pipeline(
        compactJson(
          {
            summary: ledger,
            warnings,
            skipped,
            unreadable,
            out: options.out,
            ...(score === undefined ? {} : { score }),
          },
          predictions,
        ),
        process.stdout,
        { end: false },
      );
    } else {
      console.log(
        `${count(ledger.files, 'clip')}: ${ledger.ok} ok, ${ledger.degraded} degraded, ${ledger.failed} failed\n${score === undefined ? '' : `${describeScore(score)}\n`}result  ${options.out}`,
      );
    }
  });
}

/**
 * What predicts is a bundle, or models.
 * @throws UsageError PREDICT_SOURCE
 */
function checkSource({ bundle, model, labels, lookWith, features, remote, records }: PredictOptions): void {
  const wrong = (rule: string, hint: string) => new UsageError('PREDICT_SOURCE', `predict: ${rule}`, { hint });
  if (features !== undefined && (bundle === undefined || remote === true)) {
    throw wrong('--features needs a --bundle in this process', 'the bundle of a training with --features; no --remote');
  }
  if (lookWith !== undefined && labels === undefined) {
    throw wrong(
      '--look-with needs --labels',
      'it leads the encoders that few labels are learnt with; a bundle knows its own',
    );
  }
  if (model === undefined) {
    if (labels !== undefined) throw wrong('--labels needs a --model', 'name an encoder; a bundle has its own labels');
    if (bundle !== undefined) return;
    throw wrong(
      'what predicts must be said: --bundle <dir> or --model <name>',
      '--bundle of a training of yours; without one, --model with a detector that `primatrix models list` names',
    );
  }
  if (bundle !== undefined) throw wrong('--bundle and --model cannot be given together', 'leave out one of them');
  if (remote) throw wrong('--remote needs a --bundle', 'models run in this process');
  if (records !== undefined) throw wrong('--records needs a --bundle', 'there is no second level to fit again');
}

/** Reads `<part>@<range>` and adds it to those before. */
function pinned(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf('@');
  if (at < 1) throw new InvalidArgumentError(`It must read <part>@<range>, as net-vgg16-gru@^1.3.0, got '${text}'.`);
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** `JSON.stringify({ ...head, rows })` and a line break, in parts: all rows together may be longer than the longest string. */
function* compactJson(head: Readonly<Record<string, unknown>>, rows: readonly ClipPrediction[]): Generator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"rows":[`;
  for (const [i, row] of rows.entries()) yield `${i === 0 ? '' : ','}${JSON.stringify(row)}`;
  yield ']}\n';
}
