import { basename } from 'node:path';
import { backboneFamilies } from '@primatrix/backbones';
import { profiles, UsageError, type ClipSightings, type Profile } from '@primatrix/contracts';
import { describeJoin, joinOrRefuse, listClipFiles, readLabels, type ClipFiles } from '@primatrix/dataset';
import { prepareFamilies } from '@primatrix/families';
import { writeFileAtomic } from '@primatrix/files';
import { devices, type Device } from '@primatrix/onnx';
import { Rng } from '@primatrix/rng';
import {
  contactSheet,
  encodeHashVideo,
  encodePng,
  encodeVectorVideo,
  type SheetClip,
  type SheetGroup,
  type TitledClip,
} from '@primatrix/visualiser';
import { Command } from 'commander';
import { exitStatus } from '../terminal/exit-status.ts';
import { featureContext, featureFamily, installedFamilies } from '../installed-families.ts';
import { blurPeopleOption, peopleInClips } from '../exchange/people-in-clips.ts';
import { choice, wholeNumber } from '../options/parse-option.ts';
import { readPredictionSet } from '../exchange/read-prediction-set.ts';
import type { Session } from '../terminal/session.ts';
import { count, describeUnreadable, onOneLine } from '../terminal/format.ts';
import { Progress } from '../terminal/progress.ts';
import { whilePreparing } from '../while-preparing.ts';

interface SheetOptions {
  readonly clips: string;
  readonly labels?: string;
  readonly predictions?: string;
  readonly out: string;
  readonly perClass: number;
  readonly seed: number;
  readonly blurPeople?: string;
  readonly json?: true;
}

interface VideoOptions {
  readonly out: string;
  readonly titles?: readonly string[];
  readonly blurPeople?: string;
  readonly json?: true;
}

interface VectorOptions extends VideoOptions {
  readonly backbone: string;
  readonly every: number;
  readonly profile: Profile;
  readonly device: Device;
}

/** `primatrix visualise`: pictures and videos of what the families see. */
export function visualiseCommand(session: Session): Command {
  const group = new Command('visualise')
    .description(
      'Draws contact sheets of clips by class (PNG), and videos (MP4) of two clips side by side with their image ' +
        'hashes or backbone vectors under each frame.',
    )
    .addHelpText(
      'after',
      '\n' +
        'Examples:\n' +
        '  $ primatrix visualise sheet --labels train_labels.csv --clips clips --out sheet.png\n' +
        '  $ primatrix visualise hashes animal.mp4 blank.mp4 --out hashes.mp4\n' +
        '  $ primatrix visualise vectors animal.mp4 blank.mp4 --backbone vgg16 --profile laptop --out vectors.mp4',
    );
  group
    .command('sheet')
    .description(
      'the middle frames of some clips of each class: drawn by lot from labels, or the likeliest of predictions; where a ' +
        'detector predicted, in JSON, the frames with its surest boxes, and the boxes',
    )
    .requiredOption('--clips <dir>', 'folder of the clips')
    .option('--labels <csv>', 'filename and one 0/1 column a class')
    .option('--predictions <file>', 'result of predict, instead of labels')
    .requiredOption('--out <png>', 'where the picture goes')
    .option('--per-class <n>', 'clips of each class', wholeNumber({ min: 1, max: 100 }), 6)
    .option('--seed <n>', 'seed of the lot', wholeNumber({ min: 0 }), 1)
    .addOption(blurPeopleOption())
    .option('--json', 'print what was drawn as one JSON object')
    .action((options: SheetOptions) => drawSheet(options, session));
  video(
    group,
    'hashes',
    'image hashes of each frame, the bits that changed since the last, and their number over time',
  ).action(async (one: string, two: string, options: VideoOptions) =>
    drawHashes(await titled(one, two, options), options, session),
  );
  video(group, 'vectors', "a backbone's vectors as a running chart, and the distance of each to the last")
    .option('--backbone <name>', 'family of the vectors', 'vgg16')
    .option('--every <n>', 'use every n-th frame', wholeNumber({ min: 1 }), 1)
    .addOption(choice('--profile <name>', 'size that frames are brought to', profiles, 'competition'))
    .addOption(choice('--device <name>', 'what computes', devices, 'cpu'))
    .action(async (one: string, two: string, options: VectorOptions) =>
      drawVectors(await titled(one, two, options), options, session),
    );
  return group;
}

function video(group: Command, name: string, description: string): Command {
  return group
    .command(name)
    .description(description)
    .argument('<clip>', 'left, for example with an animal')
    .argument('<clip>', 'right, for example blank')
    .requiredOption('--out <mp4>', 'where the video goes')
    .option('--titles <left,right>', 'what is written over them; default their names', (text: string) =>
      text.split(','),
    )
    .addOption(blurPeopleOption())
    .option('--json', 'print what was made as one JSON object');
}

async function titled(
  one: string,
  two: string,
  { out, titles, blurPeople }: VideoOptions,
): Promise<[TitledClip, TitledClip]> {
  if (!out.toLowerCase().endsWith('.mp4')) {
    throw new UsageError('VISUALISE_OUT', `visualise: --out must end in .mp4, got ${out}`);
  }
  const title = (i: number, path: string) => titles?.[i] ?? basename(path);
  const [left, right] = await peopleInClips(blurPeople, [one, two]);
  return [
    { path: one, title: title(0, one), people: left },
    { path: two, title: title(1, two), people: right },
  ];
}

async function drawSheet(options: SheetOptions, session: Session): Promise<void> {
  const { labels, predictions, out } = options;
  if (!out.toLowerCase().endsWith('.png')) {
    throw new UsageError('VISUALISE_OUT', `visualise: --out must end in .png, got ${out}`);
  }
  if ((labels === undefined) === (predictions === undefined)) {
    throw new UsageError(
      'VISUALISE_SOURCE',
      'visualise sheet: one of --labels and --predictions says which clips are of which class',
    );
  }
  const files = await listClipFiles(options.clips);
  for (const line of describeUnreadable(files.unreadable)) process.stderr.write(`${line}\n`);
  if (files.unreadable.length > 0) session.status = exitStatus.failed;
  const groups =
    labels === undefined ? await likeliest(predictions as string, files, options) : await byLot(labels, files, options);
  const progress = new Progress('sheet');
  const { picture, failed } = await contactSheet(await withoutPeople(groups, options), {
    columns: Math.min(6, options.perClass),
    signal: session.signal,
    onClip: (done, of) => progress.update(done / of),
  });
  await writeFileAtomic(out, encodePng(picture));
  for (const { path, reason } of failed) progress.log(`failed  ${path}: ${reason}`);
  if (failed.length > 0) session.status = exitStatus.failed;
  const clips = groups.reduce((sum, entry) => sum + entry.clips.length, 0);
  progress.finish(`drew ${count(clips, 'clip')}`);
  if (options.json) {
    console.log(
      JSON.stringify({
        out,
        width: picture.width,
        height: picture.height,
        classes: groups.map(({ title, clips: shown }) => ({ title, clips: shown.map(({ path }) => path) })),
        failed,
      }),
    );
  } else {
    console.log(
      onOneLine(`${count(clips, 'clip')}, ${picture.width} x ${picture.height} pixels\nresult  ${out}`).replace(
        '\\n',
        '\n',
      ),
    );
  }
}

async function withoutPeople(groups: readonly SheetGroup[], { blurPeople }: SheetOptions): Promise<SheetGroup[]> {
  const people = await peopleInClips(
    blurPeople,
    groups.flatMap(({ clips }) => clips.map(({ path }) => path)),
  );
  let next = 0;
  return groups.map(({ title, clips }) => ({
    title,
    clips: clips.map((clip) => ({ ...clip, people: people[next++] })),
  }));
}

/**
 * Where the clips of a table lie; those that are not there are counted on stderr.
 * @throws DatasetError DATASET_UNMATCHED where it names none of the files
 */
function pathsOf(filenames: readonly string[], { files }: ClipFiles, table: string): ReadonlyMap<string, string> {
  const rows = new Map(filenames.map((name) => [name, name]));
  const join = joinOrRefuse(
    files.map(({ name }) => name),
    rows,
    table,
  );
  // Clips that the table lacks are simply not drawn.
  for (const sentence of describeJoin({ ...join, without: [] }, table)) {
    process.stderr.write(`warning: ${onOneLine(sentence)}\n`);
  }
  return new Map(
    files.flatMap(({ path }, i) => {
      const name = join.rows[i];
      return name === undefined ? [] : [[name, path] as const];
    }),
  );
}

async function byLot(path: string, files: ClipFiles, { perClass, seed }: SheetOptions): Promise<SheetGroup[]> {
  const { classes, filenames, labels } = await readLabels(path);
  const pathOf = pathsOf(filenames, files, path);
  return classes.map((name, c) => {
    const members = filenames.filter((_, row) => labels[row * classes.length + c] === 1);
    const there = members.filter((filename) => pathOf.has(filename));
    const drawn = Rng.of(seed, 'sheet', name)
      .shuffle([...there])
      .slice(0, perClass)
      .sort();
    return {
      title: `${name} (${members.length})`,
      clips: drawn.map((filename) => ({ path: pathOf.get(filename) ?? filename, caption: filename })),
    };
  });
}

async function likeliest(path: string, files: ClipFiles, { perClass }: SheetOptions): Promise<SheetGroup[]> {
  const { classes, predictions } = await readPredictionSet(path);
  const pathOf = pathsOf(
    predictions.map(({ filename }) => filename),
    files,
    path,
  );
  return classes.map((title, c) => {
    const ranked = predictions
      .flatMap(({ filename, probabilities, seen }) => {
        const found = pathOf.get(filename);
        return probabilities === null || found === undefined
          ? []
          : [{ filename, path: found, probability: probabilities[c] ?? 0, seen: surestFrame(seen) }];
      })
      .sort((a, b) => b.probability - a.probability);
    return {
      title,
      clips: ranked.slice(0, perClass).map(({ path: clip, probability, filename, seen }) => ({
        path: clip,
        caption: `${probability.toFixed(3)} ${filename}`,
        ...(seen === undefined ? {} : { seen }),
      })),
    };
  });
}

/** The frame with the surest box that a detector saw, and all boxes on it. */
function surestFrame(seen: ClipSightings | undefined): SheetClip['seen'] {
  const boxes = (seen?.sightings ?? []).flatMap((sighting) => sighting.boxes);
  const surest = boxes.toSorted((a, b) => b.score - a.score)[0];
  if (surest === undefined) return undefined;
  return { frame: surest.frame, boxes: boxes.filter(({ frame }) => frame === surest.frame).map(({ box }) => box) };
}

async function drawHashes(
  clips: [TitledClip, TitledClip],
  { out, json }: VideoOptions,
  session: Session,
): Promise<void> {
  const progress = new Progress('hashes');
  const made = await encodeHashVideo(out, clips, {
    signal: session.signal,
    onProgress: (fraction, note) => progress.update(fraction, note),
  });
  report(made, { out, json }, progress);
}

async function drawVectors(clips: [TitledClip, TitledClip], options: VectorOptions, session: Session): Promise<void> {
  const { out, json, backbone, profile, every } = options;
  const installed = await installedFamilies();
  const backbones = backboneFamilies(installed);
  const asked = featureFamily(installed, backbone);
  const family = backbones.find((each) => each === asked);
  if (family === undefined) {
    throw new UsageError('VISUALISE_BACKBONE', `visualise vectors: ${backbone} is no backbone`, {
      hint: `backbones: ${backbones.map(({ name }) => name).join(', ')}`,
    });
  }
  await whilePreparing(session, (told) => prepareFamilies([family], told));
  const extractor = await family.open(
    { ...family.settings[profile], every, maxFrames: 1_000_000, storage: 'float32' },
    featureContext({ device: options.device }),
  );
  const progress = new Progress('vectors');
  try {
    if (extractor.weights.source === 'random') progress.log(`warning: ${backbone}: ${extractor.weights.note}`);
    const made = await encodeVectorVideo(out, clips, extractor, {
      signal: session.signal,
      onProgress: (fraction, note) => progress.update(fraction, note),
      name: backbone,
    });
    report(made, { out, json }, progress);
  } finally {
    await extractor.dispose();
  }
}

function report(
  { frames, fps }: { frames: number; fps: number },
  { out, json }: Pick<VideoOptions, 'out'> & { json: true | undefined },
  progress: Progress,
): void {
  progress.finish(`drew ${count(frames, 'frame')}`);
  if (json) console.log(JSON.stringify({ out, frames, fps }));
  else console.log(`${count(frames, 'frame')} at ${Number(fps.toFixed(2))} fps\nresult  ${out}`);
}
