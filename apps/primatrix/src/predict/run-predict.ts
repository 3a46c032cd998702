import {
  clipsAtOnce,
  doubtfulTimes,
  FewLabelsPredictor,
  predictFiles,
  type ClipPrediction,
  type FewLabelsScore,
} from '@primatrix/prediction';
import { textLog } from '@primatrix/telemetry';
import { oldDecoderWarning } from '@primatrix/video';
import { openExchange, software } from '../exchange/exchange-options.ts';
import { lockOut } from '../exchange/lock-out.ts';
import { writeResult } from '../exchange/prediction-formats.ts';
import { openResults } from '../results/open-results.ts';
import { startTracing } from '../serve/tracing.ts';
import { count, onOneLine } from '../terminal/format.ts';
import { Progress } from '../terminal/progress.ts';
import type { Session } from '../terminal/session.ts';
import { withResults } from './bundle-results.ts';
import { openLocally } from './open-predictor.ts';
import type { PredictOptions } from './predict-options.ts';

/** Clips that are with the services at once; the others wait here, so that nothing grows with their number. */
const clipsOnTheirWay = 500;

/** How the files ended: their numbers add to `files`. */
export interface Ledger {
  readonly files: number;
  readonly ok: number;
  readonly degraded: number;
  readonly failed: number;
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
  const results = await openResults(
    options.features ?? [],
    files.map(({ filename }) => filename),
    (text) => progress.log(`warning: ${onOneLine(text)}`),
  );
  // Services say it where they decode. Asked before the bundle is opened, which takes longer.
  const old = options.remote ? null : oldDecoderWarning();
  const predictor = options.remote
    ? await (await import('./open-remotely.ts')).openRemotely(options, progress, session)
    : await openLocally(files, options, { session, results });
  try {
    const { neighbours } = predictor.manifest;
    const doubt = 'order' in neighbours ? await doubtfulTimes(files, neighbours) : undefined;
    for (const warning of [await old, ...predictor.warnings, doubt]) {
      if (warning != null) progress.log(`warning: ${warning}`);
    }
    const given = await withResults(files, results);
    const surveyed =
      'surveySites' in predictor
        ? await predictor.surveySites(given, session.signal, ({ filename }) =>
            progress.update(0, `site of ${filename}`),
          )
        : { files: given, usual: 0 };
    if (surveyed.usual > 0) {
      progress.log(
        `warning: ${count(surveyed.usual, 'clip')} of sites with too few clips here: the training's usual background is taken off`,
      );
    }
    const result = await predictFiles(predictor, surveyed.files, {
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
