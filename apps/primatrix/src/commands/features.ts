import { basename, extname, join } from 'node:path';
import { profiles, UsageError, type Profile, type Tensor } from '@primatrix/contracts';
import { prepareFamilies, type ClipFeatures, type FeatureExtractor, type JsonValue } from '@primatrix/families';
import { extractClip, inspectedClip, listInputs, nothingToGoBy } from '@primatrix/prediction';
import { devices, type Device } from '@primatrix/onnx';
import { nameThatFits } from '@primatrix/files';
import { writeTensorFile } from '@primatrix/tensor-store';
import { ClipError, inspectClip } from '@primatrix/video';
import { Command } from 'commander';
import { exitStatus } from '../terminal/exit-status.ts';
import { featureContext, featureFamily, installedFamilies, modelFamilies } from '../installed-families.ts';
import { modelsOption } from '../options/models-option.ts';
import { choice, jsonObject } from '../options/parse-option.ts';
import type { Session } from '../terminal/session.ts';
import { count, onOneLine } from '../terminal/format.ts';
import { Progress } from '../terminal/progress.ts';
import { tellUnlisted } from '../terminal/tell-unlisted.ts';
import { whilePreparing } from '../while-preparing.ts';

interface FeaturesOptions {
  readonly out: string;
  readonly profile: Profile;
  readonly device: Device;
  readonly models: string;
  readonly settings: Readonly<Record<string, JsonValue>>;
  readonly json?: true;
}

interface FeaturesRow {
  readonly clip: string;
  readonly status: string;
  readonly fault: string | null;
  readonly reason: string;
  readonly file: string | null;
  readonly shape: readonly number[] | null;
  readonly weights: string;
}

/** `primatrix features`: one tensor file a clip. */
export function featuresCommand(session: Session): Command {
  return new Command('features')
    .description(
      'Writes [frames, features] of each clip as <clip name>.safetensors. Families without imported weights start ' +
        'from a seed and say so.',
    )
    .argument('<family>', 'for example vgg16, mobilenet-v2, image-hash, audio; or a model that `models list` names')
    .argument('<clip...>', 'video files, sounds, pictures, or folders of them')
    .requiredOption('--out <dir>', 'folder for the files')
    .addOption(modelsOption())
    .addOption(choice('--profile <name>', 'settings of the family', profiles, 'competition'))
    .addOption(choice('--device <name>', 'what computes', devices, 'cpu'))
    .option(
      '--settings <json>',
      "settings that are to differ from the profile's; each family's README lists them",
      jsonObject,
      {},
    )
    .option('--json', 'print one JSON array, one object a clip')
    .addHelpText(
      'after',
      '\n' +
        'Examples:\n' +
        '  $ primatrix features image-hash clips/ --out features\n' +
        '  $ primatrix features vgg16 clip.mp4 --profile laptop --out features\n' +
        '  $ primatrix features image-hash clip.mp4 --settings \'{"blockHash":true}\' --out features',
    )
    .action(async (familyName: string, clips: string[], options: FeaturesOptions) => {
      const family = featureFamily(
        [...(await installedFamilies()), ...(await modelFamilies(options.models))],
        familyName,
      );
      const listed = await listInputs(clips);
      const { files } = listed;
      tellUnlisted(listed, session);
      if (files.length === 0) {
        throw new UsageError('FEATURES_NOTHING', `features: there are no clips in ${clips.join(', ')}`);
      }
      const settings = { ...(family.settings[options.profile] as Record<string, JsonValue>), ...options.settings };
      await whilePreparing(session, (told) => prepareFamilies([family], told));
      const extractor = await family.open(settings, featureContext({ device: options.device }));
      const progress = new Progress(`features ${familyName}`);
      if (extractor.weights.source === 'random') progress.log(`warning: ${familyName}: ${extractor.weights.note}`);
      const names = outputNames(files);
      const rows: FeaturesRow[] = [];
      try {
        for (const [i, file] of files.entries()) {
          session.signal.throwIfAborted();
          progress.update(i / files.length, file.filename);
          const { outcome, features } = await extractOne(file, extractor, session.signal);
          const found = features.get('features');
          const path = found === undefined ? null : join(options.out, nameThatFits(names[i] as string, '.safetensors'));
          if (found !== undefined && path !== null) {
            const metadata = {
              clip: file.filename,
              family: family.name,
              version: family.version,
              weights: extractor.weights.note,
              status: outcome.status,
              reason: outcome.reason,
            };
            await writeTensorFile(path, { features: asFloat(found.tensor) }, metadata);
          }
          if (outcome.status !== 'ok') {
            progress.log(`${outcome.status}  ${file.filename}: ${outcome.reason} [${outcome.fault}]`);
          }
          if (outcome.status === 'failed') session.status = exitStatus.failed;
          rows.push({
            clip: file.filename,
            status: outcome.status,
            fault: outcome.fault,
            reason: outcome.reason,
            file: path,
            shape: found?.tensor.shape ?? null,
            weights: extractor.weights.note,
          });
        }
      } finally {
        await extractor.dispose();
      }
      const failed = rows.filter((row) => row.file === null).length;
      progress.finish(
        `features of ${count(rows.length - failed, 'clip')} in ${options.out}${failed > 0 ? `, ${failed} failed` : ''}`,
      );
      if (options.json) console.log(JSON.stringify(rows, null, 2));
      else {
        for (const row of rows) {
          if (row.file !== null) console.log(onOneLine(`${row.file}  [${row.shape?.join(', ')}]`));
        }
      }
    });
}

async function extractOne(
  file: { readonly filename: string; readonly path: string },
  extractor: FeatureExtractor,
  signal: AbortSignal,
): ReturnType<typeof extractClip> {
  try {
    const inspection = await inspectClip(file.path, { signal });
    const clip = inspectedClip(file.filename, inspection);
    const extracted = await extractClip(clip, new Map([['features', extractor]]), signal);
    if (extracted.features.size > 0 || extracted.outcome.status === 'failed') return extracted;
    return { ...extracted, outcome: nothingToGoBy(clip, extracted.outcome) };
  } catch (error) {
    if (error instanceof ClipError) return { outcome: error.outcome, features: new Map<string, ClipFeatures>() };
    throw error;
  }
}

/** Clip names without their endings; where two would be the same, with folders and endings. */
function outputNames(files: readonly { readonly filename: string }[]): string[] {
  const stems = files.map(({ filename }) => basename(filename, extname(filename)));
  const uses = new Map<string, number>();
  for (const stem of stems) uses.set(stem, (uses.get(stem) ?? 0) + 1);
  return files.map(({ filename }, i) => (uses.get(stems[i] as string) === 1 ? (stems[i] as string) : filename));
}

/** Readers of these files expect numbers they can compute with: bits become 0 and 1 in float32. */
function asFloat(tensor: Tensor): Tensor {
  return tensor.dtype === 'uint8'
    ? { dtype: 'float32', shape: tensor.shape, data: Float32Array.from(tensor.data as Uint8Array) }
    : tensor;
}
