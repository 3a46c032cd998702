import { pipeline } from 'node:stream/promises';
import { UsageError, type LatePolicy } from '@primatrix/contracts';
import { clipName } from '@primatrix/dataset';
import { namedTime, parseNamePattern } from '@primatrix/exchange';
import { defaultModelsDir, findModel, LookingModels } from '@primatrix/models';
import { devices, type Device } from '@primatrix/onnx';
import {
  listInputs,
  clipsAtOnce,
  FewLabelsPredictor,
  ModelPredictor,
  predictFiles,
  Predictor,
  doubtfulTimes,
  withDistinctNames,
  withOrigins,
  withTimeOrder,
  type ClipPrediction,
  type FewLabelsScore,
  type InputFile,
  type InputList,
} from '@primatrix/prediction';
import { ClipCache, isS3, listS3Inputs, RemotePredictor } from '@primatrix/services';
import { textLog } from '@primatrix/telemetry';
import { oldDecoderWarning } from '@primatrix/video';
import { Command, InvalidArgumentError } from 'commander';
import { openExchange, software, withExchangeOptions, type ExchangeOptions } from '../exchange/exchange-options.ts';
import { exitStatus } from '../terminal/exit-status.ts';
import { featureContext, installedFamilies } from '../installed-families.ts';
import { describeScore, openFewLabels } from '../few-labels.ts';
import { openBroker } from '../serve/open-broker.ts';
import { modelsOption } from '../options/models-option.ts';
import { choice, latePolicy, several, wholeNumber } from '../options/parse-option.ts';
import { replicasOption } from '../options/replicas-option.ts';
import { threadsOption } from '../options/threads-option.ts';
import { timeOrderOption } from '../options/time-order-option.ts';
import { lockOut } from '../exchange/lock-out.ts';
import { checkOut, predictionFormats, writeResult, type PredictionFormat } from '../exchange/prediction-formats.ts';
import type { Session } from '../terminal/session.ts';
import { count, onOneLine } from '../terminal/format.ts';
import { Progress } from '../terminal/progress.ts';
import { tellUnlisted } from '../terminal/tell-unlisted.ts';
import { startTracing } from '../serve/tracing.ts';
import { whilePreparing } from '../while-preparing.ts';

export interface PredictOptions extends ExchangeOptions {
  readonly bundle?: string;
  readonly model?: readonly string[];
  readonly models?: string;
  readonly labels?: string;
  readonly out: string;
  readonly format: PredictionFormat;
  readonly device: Device;
  readonly threads?: number;
  readonly timeOrder?: string;
  readonly remote?: true;
  readonly store?: string;
  readonly replicas?: number;
  readonly versions?: Readonly<Record<string, string>>;
  readonly withoutAfter?: LatePolicy;
  readonly wait?: number;
  readonly records?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** Clips that are with the services at once; the others wait here, so that nothing grows with their number. */
const clipsOnTheirWay = 500;

/** How the files ended: their numbers add to `files`. */
export interface Ledger {
  readonly files: number;
  readonly ok: number;
  readonly degraded: number;
  readonly failed: number;
}

/** `primatrix predict`: clips in, one row each out. */
export function predictCommand(session: Session): Command {
  const command = new Command('predict')
    .summary('predict the species in clips with a trained bundle')
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

/** Where each file was taken, and when: by the tables, else by its folder and its name. */
async function withSettings(
  files: readonly InputFile[],
  { sites, namePattern, timeOrder }: PredictOptions,
  warn: (text: string) => void,
): Promise<InputFile[]> {
  const pattern = namePattern === undefined ? undefined : parseNamePattern(namePattern);
  const placed = (await withOrigins(files, sites, warn)).map((file) => {
    const namedAt = namedTime(file.filename, pattern);
    return namedAt === undefined ? file : { ...file, namedAt };
  });
  return timeOrder === undefined ? placed : withTimeOrder(placed, timeOrder, warn);
}

/**
 * What predicts is a bundle, or models.
 * @throws UsageError PREDICT_SOURCE
 */
function checkSource({ bundle, model, labels, remote, records }: PredictOptions): void {
  const wrong = (rule: string, hint: string) => new UsageError('PREDICT_SOURCE', `predict: ${rule}`, { hint });
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

/**
 * The readers of a result know clips by name, and names that differ by how accents are written are one.
 * @throws UsageError PREDICT_NAMES
 */
function refuseAlike(files: readonly InputFile[]): void {
  const known = new Map<string, string>();
  for (const { filename, path } of files) {
    const name = clipName(filename);
    const twin = known.get(name);
    if (twin !== undefined) {
      throw new UsageError('PREDICT_NAMES', `predict: two clips have the name ${name}: ${twin} and ${path}`, {
        hint: 'rename one of them',
      });
    }
    known.set(name, path);
  }
}

/** Predicts files with a progress bar and writes the result. */
export async function runPredict(
  files: Parameters<typeof predictFiles>[1],
  options: PredictOptions,
  session: Session,
): Promise<{
  ledger: Ledger;
  predictions: readonly ClipPrediction[];
  warnings: readonly string[];
  /** Of predictions from a few labels. */
  score?: FewLabelsScore;
}> {
  await using _lock = await lockOut('predict', options.out);
  const exchange = await openExchange(options);
  const progress = new Progress('predict');
  await using _tracing = options.remote
    ? await startTracing(
        'primatrix-predict',
        textLog((line) => progress.log(line.trimEnd())),
      )
    : undefined;
  const predictor = options.remote
    ? await openRemotely(options, progress, session)
    : await openLocally(files, options, session);
  try {
    // Services say it where they decode.
    const old = options.remote ? null : await oldDecoderWarning();
    const { neighbours } = predictor.manifest;
    const doubt = 'order' in neighbours ? await doubtfulTimes(files, neighbours) : undefined;
    for (const warning of [old, ...predictor.warnings, doubt]) if (warning != null) progress.log(`warning: ${warning}`);
    const result = await predictFiles(predictor, files, {
      out: options.out,
      signal: session.signal,
      ...(options.records === undefined ? {} : { records: options.records }),
      atOnce: options.remote ? clipsOnTheirWay : clipsAtOnce(),
      onClip({ filename, outcome }, done, of) {
        if (outcome.status !== 'ok') {
          progress.log(`${outcome.status}  ${filename}: ${outcome.reason} [${outcome.fault}]`);
        }
        progress.update(done / of, filename);
      },
    });
    const paths = new Map(files.map(({ filename, path }) => [filename, path]));
    const set = { classes: predictor.manifest.classes, warnings: predictor.warnings, predictions: result.predictions };
    const made = 'names' in predictor ? predictor.names.join(' and ') : `bundle ${predictor.digest.slice(0, 12)}`;
    const classifier = `${software.title} ${software.version}, ${made}`;
    const assumed = await writeResult(options.out, options.format, set, {
      ...exchange,
      pathOf: (filename) => paths.get(filename),
      classifier,
      fresh: true,
      signal: session.signal,
    });
    for (const warning of assumed) progress.log(`warning: ${warning}`);
    await result.finish();
    progress.finish(
      `predicted ${count(files.length, 'clip')}${result.resumed > 0 ? `, ${result.resumed} of them in an earlier run` : ''}`,
    );
    const { predictions } = result;
    const score = predictor instanceof FewLabelsPredictor ? predictor.score : undefined;
    return {
      ledger: ledgerOf(predictions),
      predictions,
      warnings: predictor.warnings,
      ...(score === undefined ? {} : { score }),
    };
  } finally {
    await predictor.dispose();
  }
}

async function openLocally(
  files: readonly InputFile[],
  { bundle, device, threads, labels, model: names = [], models = defaultModelsDir() }: PredictOptions,
  session: Session,
): Promise<Predictor | ModelPredictor | FewLabelsPredictor> {
  if (bundle === undefined) {
    const folders = await Promise.all(names.map((name) => findModel(models, name)));
    if (labels !== undefined) {
      return openFewLabels(files, { folders, labels }, (text) => process.stderr.write(`warning: ${onOneLine(text)}\n`));
    }
    return new ModelPredictor(await LookingModels.open(folders));
  }
  const families = await installedFamilies();
  return whilePreparing(session, (told) => Predictor.open(bundle, families, featureContext({ device, threads }), told));
}

/** The clips at all places that were named. */
async function listPlaces(places: readonly string[], { remote }: PredictOptions): Promise<InputList> {
  const stored = places.filter(isS3);
  if (stored.length === 0) return listInputs(places);
  if (!remote) {
    throw new UsageError('PREDICT_PLACE', `predict: clips of an object store need --remote, got ${stored[0]}`, {
      hint: 'or copy them to a folder first',
    });
  }
  const [local, ...objects] = await Promise.all([
    listInputs(places.filter((place) => !isS3(place))),
    ...stored.map(listS3Inputs),
  ]);
  const listed = [local, ...objects];
  const byPath = new Map(listed.flatMap(({ files }) => files).map((file) => [file.path, file]));
  return {
    files: withDistinctNames([...byPath.values()]),
    skipped: listed.flatMap(({ skipped }) => skipped),
    unreadable: local.unreadable,
  };
}

/** A predictor whose work services do. */
async function openRemotely(
  { bundle = '', out, store: place, replicas, versions = {}, withoutAfter, wait = 60 }: PredictOptions,
  progress: Progress,
  session: Session,
): Promise<RemotePredictor> {
  const { bus, store } = await openBroker(
    { store: place, replicas },
    { command: 'predict', waitSeconds: wait, say: (text) => progress.log(text), signal: session.signal },
  );
  try {
    const remote = await RemotePredictor.open({
      bus,
      store,
      cache: new ClipCache(),
      bundle,
      families: await installedFamilies(),
      run: out,
      policy: withoutAfter ?? null,
      versions,
    });
    const silent = await remote.silent();
    if (silent.length > 0) progress.log(`waiting for services: ${silent.join(', ')} (start them with primatrix serve)`);
    return remote;
  } catch (error) {
    await bus.close();
    throw error;
  }
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

function ledgerOf(predictions: readonly ClipPrediction[]): Ledger {
  const withStatus = (status: string) =>
    predictions.filter((prediction) => prediction.outcome.status === status).length;
  return {
    files: predictions.length,
    ok: withStatus('ok'),
    degraded: withStatus('degraded'),
    failed: withStatus('failed'),
  };
}
