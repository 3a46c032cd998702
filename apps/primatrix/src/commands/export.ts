import { basename, resolve } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import { listClipFiles, type ClipFiles } from '@primatrix/dataset';
import { readClipReviews } from '@primatrix/exchange';
import { Command } from 'commander';
import { lockOut } from '../exchange/lock-out.ts';
import { openExchange, software, withExchangeOptions, type ExchangeOptions } from '../exchange/exchange-options.ts';
import { choice } from '../options/parse-option.ts';
import { checkOut, predictionFormats, writeResult, type PredictionFormat } from '../exchange/prediction-formats.ts';
import { readPredictionSet } from '../exchange/read-prediction-set.ts';
import { exitStatus } from '../terminal/exit-status.ts';
import type { Session } from '../terminal/session.ts';
import { count, describeUnreadable, onOneLine } from '../terminal/format.ts';

interface ExportOptions extends ExchangeOptions {
  readonly out: string;
  readonly format: PredictionFormat;
  readonly clips?: string;
  readonly reviews?: string;
  readonly media?: true;
  readonly showPeople?: true;
  readonly json?: true;
}

/** `primatrix export`: predictions into another format, the same that `predict --format` writes. */
export function exportCommand(session: Session): Command {
  const command = new Command('export')
    .description(
      'Converts a result of predict (CSV, Parquet or JSON) to another format: a Camtrap DP 1.0 data package (a ' +
        'folder), MegaDetector results 1.6 (for Timelapse), COCO Camera Traps, CSV, Parquet or JSON. Failed clips are ' +
        'kept in each.',
    )
    .argument('<predictions>', 'file that predict wrote')
    .requiredOption('--out <path>', 'where the result goes: a folder for camtrap-dp, else a file')
    .addOption(choice('--format <name>', 'format of the result', predictionFormats, 'camtrap-dp'))
    .option('--clips <dir>', 'folder of the clips: tells their length, frame rate and time')
    .option(
      '--reviews <csv>',
      'review.csv or observations.csv of the pages: what people decided goes before what was predicted, with counts ' +
        'and behaviour in the latter (formats of other tools)',
    )
    .option(
      '--media',
      'put the clips into the package, people on them blurred: needs --clips, and predictions in JSON by a detector that knows people (camtrap-dp)',
    )
    .option('--show-people', 'with --media: people stay visible, for a package that nobody else sees')
    .option('--json', 'print what was written as one JSON object')
    .addHelpText(
      'after',
      '\n' +
        'Examples:\n' +
        '  $ primatrix export predictions.csv --clips my-clips --sites clips.csv --out package\n' +
        '  $ primatrix export predictions.json --format megadetector --clips my-clips --out md.json\n' +
        '  $ primatrix export predictions.csv --reviews review.csv --out package\n' +
        '  $ primatrix export result.json --clips my-clips --media --out package-to-share',
    );
  return withExchangeOptions(command).action(async (path: string, options: ExportOptions) => {
    const { out, format } = options;
    const warn = (text: string) => void process.stderr.write(`warning: ${onOneLine(text)}\n`);
    await checkOut('export', out, format);
    if (options.reviews !== undefined && ['csv', 'parquet', 'json'].includes(format)) {
      throw new UsageError(
        'EXPORT_REVIEWS',
        `export: --reviews goes with the formats of other tools, and ${format} holds predictions alone`,
        { hint: 'choose camtrap-dp, megadetector or coco-camera-traps' },
      );
    }
    checkMedia(options);
    const reviews = options.reviews === undefined ? undefined : await readClipReviews(options.reviews);
    const context = await openExchange(options);
    const set = await readPredictionSet(path);
    const files = options.clips === undefined ? undefined : await listClipFiles(options.clips);
    for (const line of describeUnreadable(files?.unreadable ?? [])) process.stderr.write(`${line}\n`);
    if ((files?.unreadable.length ?? 0) > 0) session.status = exitStatus.failed;
    set.warnings.forEach(warn);
    await using _lock = await lockOut('export', out);
    const warnings = await writeResult(out, format, set, {
      ...context,
      pathOf: (filename) => (files === undefined ? undefined : pathIn(files, options.clips ?? '', filename)),
      classifier: `${software.title} ${software.version}`,
      fresh: false,
      reviews,
      media: options.media === undefined ? undefined : { showPeople: options.showPeople ?? false },
      say: warn,
      signal: session.signal,
    });
    warnings.forEach(warn);
    const failed = set.predictions.filter(({ outcome }) => outcome.status === 'failed').length;
    if (options.json) console.log(JSON.stringify({ out, format, clips: set.predictions.length, failed, warnings }));
    else console.log(`${count(set.predictions.length, 'clip')}, ${failed} of them without prediction\nresult  ${out}`);
  });
}

/** Names of the pages begin with the folder that was added: it may be the one that is named, or the one above it. */
function pathIn(files: ClipFiles, clips: string, filename: string): string | undefined {
  const start = `${basename(resolve(clips))}/`;
  const below = filename.startsWith(start) ? files.find(filename.slice(start.length)) : undefined;
  return (files.find(filename) ?? below)?.path;
}

/** @throws UsageError EXPORT_MEDIA where the options about clips do not go together */
function checkMedia({ media, showPeople, clips, format }: ExportOptions): void {
  const wrong = (rule: string, hint: string): never => {
    throw new UsageError('EXPORT_MEDIA', `export: ${rule}`, { hint });
  };
  if (media === undefined) {
    if (showPeople) wrong('--show-people goes with --media', 'without --media no clip is exported, and nobody is seen');
    return;
  }
  if (format !== 'camtrap-dp') wrong(`--media goes with camtrap-dp, and not with ${format}`, 'leave --format out');
  if (clips === undefined) wrong('--media needs --clips', 'name the folder of the clips');
}
