import { relative } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import {
  DetectorPass,
  detectorSettings,
  findModel,
  openModel,
  shownBox,
  type DetectorFolder,
  type DetectorSettings,
  type OpenModel,
  type SeenClip,
  type ShownBox,
} from '@primatrix/models';
import { extractFile, listInputs, type InputFile } from '@primatrix/prediction';
import { Command } from 'commander';
import { modelsOption } from '../options/models-option.ts';
import { positiveNumber, share, wholeNumber } from '../options/parse-option.ts';
import { exitStatus } from '../terminal/exit-status.ts';
import { count, formatTable, onOneLine } from '../terminal/format.ts';
import { Progress } from '../terminal/progress.ts';
import type { Session } from '../terminal/session.ts';
import { tellUnlisted } from '../terminal/tell-unlisted.ts';

interface DetectOptions {
  readonly model: string;
  readonly models: string;
  readonly every?: number;
  readonly looks?: number;
  readonly score?: number;
  readonly json?: true;
}

/** One clip of the result. */
interface DetectedClip {
  readonly file: string;
  readonly status: string;
  readonly fault: string | null;
  readonly reason: string;
  /** Pixels of the picture as it is shown; null where it could not be read. */
  readonly width: number | null;
  readonly height: number | null;
  readonly fps: number | null;
  /** Those that were looked at, whether something was found or not. */
  readonly frames: readonly { readonly frame: number; readonly boxes: readonly ShownBox[] }[];
}

/** `primatrix detect`: boxes on the frames of clips, by a detector that is a file. */
export function detectCommand(session: Session): Command {
  return new Command('detect')
    .description(
      'Looks at frames of each clip with a detector and prints its boxes, in pixels of the picture as it is shown. ' +
        'No training and no bundle is needed. Bring a detector here with `primatrix models add`.',
    )
    .argument('<clip...>', 'video files, pictures, or folders of them')
    .requiredOption('--model <name>', 'a detector that `models list` names, or the path of its folder')
    .addOption(modelsOption())
    .option('--every <seconds>', 'seconds between two looks (1)', positiveNumber)
    .option('--looks <n>', 'most frames analysed per clip, evenly spread (60)', wholeNumber({ min: 1, max: 10_000 }))
    .option('--score <p>', 'least score of a box (default: what the model says)', share)
    .option('--json', 'print {model, clips: [{file, frames: [{frame, boxes: [{xyxy, score, class, name, group}]}]}]}')
    .addHelpText(
      'after',
      '\n' +
        'Examples:\n' +
        '  $ primatrix detect clip.mp4 --model yolox-nano\n' +
        '  $ primatrix detect clips/ --model yolox-nano --every 0.5 --score 0.3 --json > boxes.json',
    )
    .action(async (paths: string[], options: DetectOptions) => {
      const folder = await detectorNamed(options.models, options.model);
      const listed = await listInputs(paths);
      const { files } = listed;
      tellUnlisted(listed, session);
      if (files.length === 0) {
        throw new UsageError('DETECT_NOTHING', `detect: there are no clips in ${paths.join(', ')}`);
      }
      const { every, looks, score } = options;
      const settings: DetectorSettings = {
        ...detectorSettings(folder),
        ...(every === undefined ? {} : { every }),
        ...(looks === undefined ? {} : { looks }),
        ...(score === undefined ? {} : { score }),
      };
      const progress = new Progress('detect');
      const model = await openModel(folder);
      const clips: DetectedClip[] = [];
      try {
        for (const [i, file] of files.entries()) {
          session.signal.throwIfAborted();
          progress.update(i / files.length, file.filename);
          const clip = await detectIn(file, { model, folder, settings }, session.signal);
          if (clip.status !== 'ok') progress.log(`${clip.status}  ${clip.file}: ${clip.reason} [${clip.fault}]`);
          if (clip.status === 'failed') session.status = exitStatus.failed;
          clips.push(clip);
        }
      } finally {
        model.dispose();
      }
      const { name, version, licence } = folder.card;
      progress.finish(`analysed ${count(clips.length, 'clip')} with ${name} ${version} (licence ${licence})`);
      if (options.json) {
        console.log(JSON.stringify({ model: { name, version, licence, sha256: folder.card.sha256 }, clips }));
      } else print(clips);
    });
}

/** @throws UsageError where there is no model of that name, or it is no detector */
async function detectorNamed(dir: string, name: string): Promise<DetectorFolder> {
  const found = await findModel(dir, name);
  const { card } = found;
  if (card.kind !== 'detector') {
    throw new UsageError('MODEL_KIND', `detect: ${card.name} must be a detector, and its kind is ${card.kind}`);
  }
  return { ...found, card };
}

interface Detector {
  readonly model: OpenModel;
  readonly folder: DetectorFolder;
  readonly settings: DetectorSettings;
}

async function detectIn(file: InputFile, detector: Detector, signal: AbortSignal): Promise<DetectedClip> {
  const { folder, model, settings } = detector;
  const name = shownPath(file.path);
  let pass: DetectorPass | undefined;
  const { outcome, metadata } = await extractFile(
    file,
    new Map([
      [
        folder.card.name,
        {
          weights: { source: 'imported', digest: folder.card.sha256, note: folder.card.licence },
          pixels: 'color',
          start: (clip) => (pass = new DetectorPass(model, folder, settings, clip)),
          dispose: async () => undefined,
        },
      ],
    ]),
    signal,
  );
  const { status, fault, reason } = outcome;
  const { width = null, height = null, fps = null } = metadata ?? {};
  if (status === 'failed' || pass === undefined || width === null || height === null) {
    return { file: name, status, fault, reason, width: null, height: null, fps: null, frames: [] };
  }
  return {
    file: name,
    status,
    fault,
    reason,
    width,
    height,
    fps,
    frames: framesOf(pass.seen(), folder, { width, height }),
  };
}

function framesOf(
  { looks, detections }: SeenClip,
  { labels }: DetectorFolder,
  size: { readonly width: number; readonly height: number },
): DetectedClip['frames'] {
  return looks.map((frame) => ({
    frame,
    boxes: detections.filter((box) => box.frame === frame).map((box) => shownBox(box, labels, size)),
  }));
}

/** As people type it: below this folder where it lies there. */
function shownPath(path: string): string {
  const below = relative('', path);
  return below === '' || below.startsWith('..') ? path : below;
}

function print(clips: readonly DetectedClip[]): void {
  const rows = clips.flatMap(({ file, frames, status }) => {
    const boxes = frames.flatMap(({ frame, boxes: found }) => found.map((box) => ({ frame, ...box })));
    if (boxes.length === 0) return [[onOneLine(file), status === 'failed' ? 'failed' : 'nothing', '', '', '']];
    return boxes.map(({ frame, score, name, group, xyxy }) => [
      onOneLine(file),
      group,
      name,
      score.toFixed(2),
      `frame ${frame}: ${xyxy.map(Math.round).join(' ')}`,
    ]);
  });
  console.log(formatTable(['clip', 'group', 'class', 'score', 'where'], rows));
}
