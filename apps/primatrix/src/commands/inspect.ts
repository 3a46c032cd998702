import { basename } from 'node:path';
import { hashClip, summariseHashes, hammingDistance, type ClipHashes } from '@primatrix/perceptual-hash';
import { devices, type Device } from '@primatrix/onnx';
import { Predictor, recordsInMemory, type ClipPrediction } from '@primatrix/prediction';
import { ClipError } from '@primatrix/video';
import { Command } from 'commander';
import { exitStatus } from '../terminal/exit-status.ts';
import { featureContext, installedFamilies } from '../installed-families.ts';
import { choice, wholeNumber } from '../options/parse-option.ts';
import type { Session } from '../terminal/session.ts';
import { describeInspection, type Inspection, type Ranked } from '../terminal/describe-inspection.ts';
import { onOneLine } from '../terminal/format.ts';
import { whilePreparing } from '../while-preparing.ts';

interface InspectOptions {
  readonly bundle: string;
  readonly device: Device;
  readonly top: number;
  readonly json?: true;
}

/** `primatrix inspect`: what each family saw in one clip. */
export function inspectCommand(session: Session): Command {
  return new Command('inspect')
    .description(
      'Shows one clip as the families of a bundle see it: metadata, motion by image hashes, the likeliest classes ' +
        'of each net and stacker, and those of the whole ensemble.',
    )
    .argument('<clip>', 'video file, sound or picture')
    .requiredOption('--bundle <dir>', 'bundle folder that train made')
    .option('--top <n>', 'how many classes each shows', wholeNumber({ min: 1 }), 3)
    .addOption(choice('--device <name>', 'what computes', devices, 'cpu'))
    .option('--json', 'print everything as one JSON object, with all classes')
    .addHelpText('after', '\nExample:\n  $ primatrix inspect clip.mp4 --bundle artifacts/sample/bundle')
    .action(async (clip: string, options: InspectOptions) => {
      const inspection = await inspect(clip, options, session);
      const { outcome } = inspection;
      for (const warning of inspection.warnings) process.stderr.write(`warning: ${onOneLine(warning)}\n`);
      if (outcome.status !== 'ok') {
        process.stderr.write(`${onOneLine(`${outcome.status}  ${clip}: ${outcome.reason} [${outcome.fault}]`)}\n`);
      }
      if (outcome.status === 'failed') session.status = exitStatus.failed;
      if (options.json) console.log(JSON.stringify(inspection, null, 2));
      else console.log(describeInspection(inspection, options.top));
    });
}

async function inspect(clip: string, { bundle, device }: InspectOptions, session: Session): Promise<Inspection> {
  const families = await installedFamilies();
  const predictor = await whilePreparing(session, (told) =>
    Predictor.open(bundle, families, featureContext({ device }), told),
  );
  try {
    const first = await predictor.firstLevel({ filename: basename(clip), path: clip }, session.signal);
    // One record gives one prediction. Clips before and after it are not known here: their columns are missing.
    const [prediction] = (await predictor.secondLevel(recordsInMemory([first]), session.signal)) as [ClipPrediction];
    const { manifest, warnings } = predictor;
    const kindOf = (name: string) => (manifest.nets.some(({ family }) => family === name) ? 'net' : 'stacker');
    return {
      clip,
      bundle: { dataset: manifest.dataset.name, profile: manifest.profile, digest: predictor.digest },
      warnings,
      outcome: prediction.outcome,
      metadata: first.metadata,
      motion: await motionOf(clip, session.signal),
      features: manifest.features.map(({ family, version, settings, weights }) => ({
        family,
        version,
        settings,
        weights,
      })),
      members: Object.entries(prediction.members).map(([name, values]) => ({
        name,
        kind: kindOf(name),
        weight: manifest.ensemble.weights[name] ?? 0,
        ...paddingOf(prediction, name),
        classes: rankClasses(manifest.classes, values),
      })),
      final: prediction.probabilities === null ? null : rankClasses(manifest.classes, prediction.probabilities),
    };
  } finally {
    await predictor.dispose();
  }
}

async function motionOf(clip: string, signal: AbortSignal): Promise<Inspection['motion']> {
  let hashes: ClipHashes;
  try {
    hashes = (await hashClip(clip, { signal })).hashes;
  } catch (error) {
    // What cannot be read is told by the outcome of the prediction.
    if (error instanceof ClipError) return null;
    throw error;
  }
  if (hashes.frames === 0) return null;
  const changed = Array.from({ length: hashes.frames - 1 }, (_, i) => {
    const [before, now] = [hashes.at(i), hashes.at(i + 1)];
    return hammingDistance(before.phash, now.phash) + hammingDistance(before.dhash, now.dhash);
  });
  return { frames: hashes.frames, changedBits: changed, row: summariseHashes(hashes) };
}

function paddingOf({ padded }: ClipPrediction, name: string): Pick<Inspection['members'][number], 'padded'> {
  const found = padded[name];
  return found === undefined ? {} : { padded: found };
}

function rankClasses(classes: readonly string[], values: readonly number[]): Ranked[] {
  return classes
    .map((name, i) => ({ class: name, probability: values[i] ?? 0 }))
    .sort((a, b) => b.probability - a.probability);
}
