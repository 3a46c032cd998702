import { basename } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import { DetectorPass, detectorSettings, openModel, type DetectorFolder, type ModelFolder } from '@primatrix/models';
import { extractFile } from '@primatrix/prediction';
import { treeSeconds } from './process-tree.ts';
import { ReferenceDetector, type ReferenceAnswer } from './reference-detector.ts';

/** Seconds of one clip: on the clock, and of processors. */
interface Taken {
  readonly clock: number;
  readonly processor: number;
}

/** A clip's times; medians over rounds. */
interface ClipTimes {
  readonly clip: string;
  readonly looks: number;
  readonly ours: Taken;
  readonly reference: Taken;
  /** Ours to the reference's, median of the rounds' own ratios. */
  readonly ratio: Taken;
  /** Boxes of 0.3 and more of the reference, those of them that are here, too (frame, class, score within 0.05), and those here. */
  readonly boxes: { readonly reference: number; readonly agreed: number; readonly ours: number };
}

/** What came of it; JSON. */
export interface ClipTimeResult {
  readonly model: string;
  readonly reference: string;
  readonly rounds: number;
  readonly clips: readonly ClipTimes[];
  /** Medians of the clips' ratios. */
  readonly ratio: Taken;
}

/**
 * Times a detector over clips as `primatrix detect` runs it (digest and description of the clip included) and as a Python script with OpenCV
 * and ONNX Runtime does, on the same frames, one after the other in turn.
 * @throws UsageError `MODEL_KIND` where the model is no detector with YOLOX's grid, which is what the script reads
 */
export async function timeClips(
  paths: readonly string[],
  folder: ModelFolder,
  { python, rounds, onClip }: { readonly python: string; readonly rounds: number; onClip?: (name: string) => void },
): Promise<ClipTimeResult> {
  const { card } = folder;
  if (card.kind !== 'detector' || card.output.decode !== 'yolox') {
    throw new UsageError('MODEL_KIND', `clip-time: ${card.name} must be a detector whose output is YOLOX's grid`);
  }
  const detector = { ...folder, card };
  const reference = await ReferenceDetector.open(python, folder.file);
  const model = await openModel(detector);
  try {
    const clips: ClipTimes[] = [];
    for (const path of paths) {
      onClip?.(basename(path));
      clips.push(await timeClip(path, { model, folder: detector }, reference, rounds));
    }
    return {
      model: `${card.name} ${card.version}`,
      reference: reference.versions,
      rounds,
      clips,
      ratio: medianOf(clips.map(({ ratio }) => ratio)),
    };
  } finally {
    model.dispose();
    await reference.close();
  }
}

interface Ours {
  readonly model: Awaited<ReturnType<typeof openModel>>;
  readonly folder: DetectorFolder;
}

async function timeClip(path: string, ours: Ours, reference: ReferenceDetector, rounds: number): Promise<ClipTimes> {
  // The first of each is not counted: files come from the disk, and the runtimes find out sizes.
  const seen = await detectHere(path, ours);
  const answer = await reference.detect(path, seen.looks);
  const [here, there]: [Taken[], Taken[]] = [[], []];
  const others = new Set([reference.pid]);
  for (let round = 0; round < rounds; round++) {
    here.push(
      await timed(
        () => detectHere(path, ours),
        () => treeSeconds(process.pid, others),
      ),
    );
    there.push(
      await timed(
        () => reference.detect(path, seen.looks),
        () => treeSeconds(reference.pid),
      ),
    );
  }
  return {
    clip: basename(path),
    looks: seen.looks.length,
    ours: medianOf(here),
    reference: medianOf(there),
    ratio: medianOf(
      here.map((own, i) => ({
        clock: own.clock / (there[i]?.clock ?? Number.NaN),
        processor: own.processor / (there[i]?.processor ?? Number.NaN),
      })),
    ),
    boxes: compared(seen.detections, answer.boxes),
  };
}

async function detectHere(path: string, { model, folder }: Ours) {
  let pass: DetectorPass | undefined;
  await extractFile(
    { filename: basename(path), path },
    new Map([
      [
        folder.card.name,
        {
          weights: { source: 'imported', digest: folder.card.sha256, note: '' },
          pixels: 'color',
          start: (clip) => (pass = new DetectorPass(model, folder, detectorSettings(folder), clip)),
          dispose: async () => undefined,
        },
      ],
    ]),
    new AbortController().signal,
  );
  const { looks = [], detections = [] } = pass?.seen() ?? {};
  return { looks, detections };
}

async function timed(work: () => Promise<unknown>, processor: () => Promise<number>): Promise<Taken> {
  const [before, start] = [await processor(), performance.now()];
  await work();
  const clock = (performance.now() - start) / 1000;
  return { clock, processor: (await processor()) - before };
}

function compared(
  ours: readonly ReferenceAnswer['boxes'][number][],
  reference: ReferenceAnswer['boxes'],
): ClipTimes['boxes'] {
  const sure = reference.filter(({ score }) => score >= 0.3);
  const agreed = sure.filter((box) =>
    ours.some((own) => own.frame === box.frame && own.label === box.label && Math.abs(own.score - box.score) <= 0.05),
  );
  return { reference: sure.length, agreed: agreed.length, ours: ours.filter(({ score }) => score >= 0.3).length };
}

function medianOf(taken: readonly Taken[]): Taken {
  const median = (values: number[]) => {
    const sorted = values.toSorted((a, b) => a - b);
    const middle = (sorted.length - 1) / 2;
    return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
  };
  return { clock: median(taken.map(({ clock }) => clock)), processor: median(taken.map(({ processor }) => processor)) };
}
