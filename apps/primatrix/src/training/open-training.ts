import { resolve, join } from 'node:path';
import { profiles, UsageError, type Profile } from '@primatrix/contracts';
import { openDataset, readTimeOrder, type Dataset, type TimeOrder } from '@primatrix/dataset';
import { netInputShape, netOfFile, runnableFamilies, type Family } from '@primatrix/families';
import { engines, requireEngine, type EngineName } from '@primatrix/nets';
import { devices, type Device } from '@primatrix/onnx';
import { familySet, requireTrainable, type Training } from '@primatrix/training';
import { Option, type Command } from 'commander';
import { featureContext, installedFamilies } from '../installed-families.ts';
import { featuresOption } from '../options/features-option.ts';
import { lookWithOption, modelsOption } from '../options/models-option.ts';
import { choice, several, wholeNumber } from '../options/parse-option.ts';
import { threadsOption } from '../options/threads-option.ts';
import { timeOrderOption } from '../options/time-order-option.ts';
import { trainingResults } from '../results/training-results.ts';
import { onOneLine } from '../terminal/format.ts';
import { withExtraColumns } from './extra-columns.ts';
import { withFeatureSettings } from './feature-settings.ts';
import { withForegrounds } from './foregrounds.ts';
import { storages, withStorage } from './feature-storage.ts';
import { checkStandIns, standIn } from './stand-in.ts';
import { trainingModels } from './training-models.ts';

/** Options that say what a training is about. */
export interface TrainingOptions {
  readonly dataset: string;
  readonly clips?: string;
  readonly labels?: string;
  readonly test?: string;
  readonly artifacts: string;
  readonly profile: Profile;
  readonly folds: number;
  readonly seed: number;
  readonly only?: readonly string[];
  /** Files of nets. */
  readonly net?: readonly string[];
  /** Names of models that are files. */
  readonly model?: readonly string[];
  readonly models?: string;
  /** A detector that leads the encoders among the models. */
  readonly lookWith?: string;
  /** Families whose vectors are also learnt from without the background of each site. */
  readonly background?: readonly string[];
  /** Files of other programs' results. */
  readonly features?: readonly string[];
  readonly device: Device;
  readonly threads?: number;
  readonly engine?: EngineName;
  readonly weights?: string;
  /** `modified`, or a table of times. */
  readonly timeOrder?: string;
  /** Folders of ready clips by family. */
  readonly standIn?: ReadonlyMap<string, string>;
  /** Features that no net reads, made for their columns. */
  readonly extraColumns?: readonly string[];
  /** How features of backbones are kept. */
  readonly storage?: (typeof storages)[number];
}

/** Adds the options of {@link TrainingOptions} to a command. */
export function withTrainingOptions(command: Command): Command {
  return command
    .requiredOption(
      '--dataset <dir>',
      'dataset folder: clips/, train_labels.csv, and, where there are, submission_format.csv and clips.csv',
    )
    .option('--clips <dir>', 'clips, if not in <dataset>/clips')
    .option('--labels <csv>', 'labels, if not in <dataset>/train_labels.csv')
    .option('--test <csv>', 'test clips, if not in <dataset>/submission_format.csv')
    .option('--artifacts <dir>', 'where results go: <artifacts>/<name of the dataset>', 'artifacts')
    .addOption(choice('--profile <name>', 'sizes and settings', profiles, 'laptop'))
    .option('--folds <n>', 'number of folds', wholeNumber({ min: 2 }), 5)
    .option('--seed <n>', 'seed of everything that is drawn', wholeNumber({ min: 0 }), 1)
    .addOption(
      new Option(
        '--only <names>',
        "train these nets instead of the profile's, for example net-vgg16-gru,net-imagehash-gru, or none",
      ).argParser((text: string) => (text === 'none' ? [] : text.split(','))),
    )
    .option(
      '--net <files>',
      'also train the nets of these files; can be given again',
      (text: string, before: readonly string[] = []) => [...before, ...text.split(',')],
    )
    .option(
      '--model <name>',
      'also learn from what this model sees: one that `models list` names, or a folder; can be given again',
      several,
    )
    .addOption(modelsOption())
    .addOption(lookWithOption())
    .option(
      '--background <name>',
      "also learn from this encoder's vectors without the background of each site: a model, or a backbone such as " +
        'mobilenet-v2; can be given again',
      several,
    )
    .addOption(featuresOption('clips, evidence for the second level'))
    .addOption(timeOrderOption('profile'))
    .option(
      '--stand-in <family=dir>',
      "ready clips that a family looks at in place of the dataset's, under the same names: micro=/data/micro; can be " +
        'given again',
      standIn,
    )
    .addOption(
      new Option(
        '--extra-columns <names>',
        "features that no net reads, made for their columns: audio, for example, or none (default: the profile's)",
      ).argParser((text: string) => (text === 'none' ? [] : text.split(','))),
    )
    .addOption(
      new Option(
        '--storage <type>',
        "how features of backbones are kept; float16 takes half the room (default: the profile's)",
      ).choices([...storages]),
    )
    .addOption(choice('--device <name>', 'what computes features, and trains and runs nets', devices, 'cpu'))
    .addOption(threadsOption())
    .addOption(
      choice(
        '--engine <name>',
        'what trains nets; tfjs wants @tensorflow/tfjs-node-gpu, tfjs-node or tfjs installed',
        engines,
        'onnx',
      ),
    )
    .option('--weights <dir>', 'folder of imported weights');
}

/** Reads the dataset and finds the families. */
export async function openTraining(options: TrainingOptions): Promise<Training> {
  const places = Object.fromEntries(
    Object.entries({ clips: options.clips, labels: options.labels, test: options.test }).filter(
      ([, place]) => place !== undefined,
    ),
  );
  const dataset = await openDataset(options.dataset, places);
  const { profile, engine = 'onnx' } = options;
  requireTrainable(dataset, options);
  const installed = await installedFamilies();
  const models = await trainingModels(installed, options);
  const stored = withStorage(chosenFamilies(installed, options), profile, options.storage);
  const results = await trainingResults(options.features ?? [], dataset, warn);
  const chosen = withForegrounds(
    withFeatureSettings([...withExtraColumns(stored, options.extraColumns), ...models, ...results], profile),
    { names: options.background ?? [], installed, profile },
  );
  // A bundle is to hold what was trained: a stacker that cannot run here is no part of the training.
  const { leftOut } = await runnableFamilies(chosen.filter(({ kind }) => kind === 'stack'));
  const used = chosen.filter(({ name }) => !leftOut.has(name));
  const { nets, features } = familySet(used, profile);
  for (const net of nets) {
    // Now, and not when its features have been made.
    const input = netInputShape(net, features, profile);
    const spec = net.build({ input, classes: dataset.classes.length, profile });
    if (net.settings[profile].train !== undefined) requireEngine(engine, spec);
  }
  return {
    dataset,
    artifacts: join(resolve(options.artifacts), dataset.name),
    profile,
    families: used,
    leftOut,
    folds: options.folds,
    seed: options.seed,
    engine,
    ...(options.standIn === undefined ? {} : { standIns: await checkStandIns(options.standIn, features, dataset) }),
    ...(options.timeOrder === undefined ? {} : { timeOrder: await orderOf(options.timeOrder, dataset) }),
    context: featureContext({
      device: options.device,
      threads: options.threads,
      ...(options.weights === undefined ? {} : { weights: options.weights }),
    }),
  };
}

/** @throws DatasetError; what of table and clips does not belong together is said on stderr */
async function orderOf(asked: string, { clips }: Dataset): Promise<TimeOrder> {
  const { order, unmatched } = await readTimeOrder(
    asked,
    clips.map(({ filename }) => filename),
  );
  unmatched.forEach(warn);
  return order;
}

function warn(sentence: string): void {
  process.stderr.write(`warning: ${onOneLine(sentence)}\n`);
}

/** All families but nets, the nets of the profile or those that `--only` names, and those of files. */
function chosenFamilies(installed: readonly Family[], { only, net: files = [], profile }: TrainingOptions): Family[] {
  const given = files.map((path) => ({ path, net: netOfFile(path) }));
  const names = installed.flatMap((family) => (family.kind === 'nets' ? [family.name] : []));
  for (const { path, net } of given) {
    if (names.includes(net.name)) {
      throw new UsageError('NET_NAME', `--net: ${path}: there is a net '${net.name}' already`, {
        hint: 'give it another one: "name" in the file, or the name of the file',
      });
    }
    names.push(net.name);
  }
  const unknown = only?.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new UsageError('FAMILY_UNKNOWN', `--only: there is no net '${unknown}'`, {
      hint: `installed: ${names.join(', ')}; a net of a file is named with --net`,
    });
  }
  const chosen = installed.filter(
    (family) => family.kind !== 'nets' || (only?.includes(family.name) ?? family.profiles.includes(profile)),
  );
  return [...chosen, ...given.map(({ net }) => net)];
}
