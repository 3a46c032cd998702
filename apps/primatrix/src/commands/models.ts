import {
  catalogueEntry,
  findModel,
  importModel,
  keepModel,
  listModels,
  modelOffer,
  pullModel,
  readCatalogue,
  removeModel,
  tryModel,
  type ModelFolder,
  type ModelTrial,
} from '@primatrix/models';
import { Command } from 'commander';
import { modelsOption } from '../options/models-option.ts';
import { exitStatus } from '../terminal/exit-status.ts';
import { formatTable, onOneLine } from '../terminal/format.ts';
import { Progress } from '../terminal/progress.ts';
import type { Session } from '../terminal/session.ts';

interface ModelsOptions {
  readonly models: string;
  readonly json?: true;
}

interface AddOptions extends ModelsOptions {
  readonly name?: string;
  readonly version?: string;
  readonly licence?: string;
  readonly commercialUse?: boolean;
  readonly source?: string;
  readonly file?: string;
  readonly output?: string;
  readonly pool?: 'cls' | 'mean' | 'mean-patches';
  readonly dryRun?: true;
}

interface PullOptions extends ModelsOptions {
  readonly catalogue?: string;
  readonly dryRun?: true;
}

/** `primatrix models`: detectors, encoders and classifiers that are files. */
export function modelsCommand(session: Session): Command {
  const group = new Command('models')
    .description(
      'A model is a folder: model.json says what it is, how its input is made and how its output is read, beside an ' +
        'ONNX file and the names of its classes. Folders of SPARROW-Engine and of Hugging Face are read, too. Models ' +
        'run in a process of their own. docs/models.md tells more.',
    )
    .addHelpText(
      'after',
      '\n' +
        'Examples:\n' +
        '  $ primatrix models add yolox-nano/ --licence Apache-2.0 --commercial-use\n' +
        '  $ primatrix models pull yolox-nano\n' +
        '  $ primatrix models list\n' +
        '  $ primatrix models show yolox-nano',
    );
  const sub = (name: string) => group.command(name).addOption(modelsOption()).option('--json', 'print JSON');
  sub('add')
    .description('check a model folder, try it, and keep a copy')
    .argument(
      '<folder>',
      'with model.json, with layers.json (a net of layers, and its safetensors), with tfjs.json (a graph of TensorFlow.js), ' +
        'with manifest.toml (SPARROW-Engine), or ' +
        'with config.json and preprocessor_config.json (Hugging Face)',
    )
    .option('--name <name>', 'what it is called here')
    .option('--version <version>', 'its version, for example 1.0.0')
    .option('--licence <name>', 'its licence as SPDX names it; foreign folders do not say (default: unknown)')
    .option('--commercial-use', 'its licence allows commercial use')
    .option('--no-commercial-use', 'its licence forbids commercial use')
    .option('--source <text>', 'where it comes from')
    .option('--file <name>', 'which ONNX file of a Hugging Face folder (default: model.onnx)')
    .option('--output <name>', 'which output of the graph is the embedding')
    .option('--pool <rule>', 'how tokens become one vector: cls, mean, mean-patches')
    .option('--dry-run', 'only say what would be kept')
    .action(async (folder: string, options: AddOptions) => {
      const { name, version, licence, commercialUse, source, file, output, pool } = options;
      const { model, assumed } = await importModel(
        folder,
        defined({ name, version, licence, commercialUse, source }),
        defined({ file, output, pool }),
      );
      for (const sentence of assumed) process.stderr.write(`note: ${onOneLine(sentence)}\n`);
      if (options.dryRun) {
        console.log(JSON.stringify(model.card, null, 2));
        return;
      }
      const { kept, trial } = await keepModel(options.models, model, tryModel);
      printModel(kept, options, trial);
    });
  sub('pull')
    .description('download a model of the catalogue, check it, try it and keep it; without a name, say which there are')
    .argument('[name]', 'one of the catalogue')
    .option('--catalogue <file>', 'another list of models of that form (default: the one that comes with this)')
    .option('--dry-run', 'only say what would be kept')
    .action(async (name: string | undefined, options: PullOptions) => {
      const catalogue = await readCatalogue(options.catalogue);
      if (name === undefined) {
        printCatalogue(catalogue, options);
        return;
      }
      const entry = catalogueEntry(catalogue, name);
      if (options.dryRun) {
        console.log(JSON.stringify(entry, null, 2));
        return;
      }
      const progress = new Progress(`models pull ${name}`);
      const { kept, trial } = await pullModel(options.models, entry, tryModel, {
        signal: session.signal,
        onProgress: (received, total) =>
          progress.update(received / total, `${megabytes(received)} of ${megabytes(total)}`),
      });
      progress.finish(`${name} is kept in ${kept.folder}`);
      printModel(kept, options, trial);
    });
  sub('list')
    .description('say which models are there')
    .action(async (options: ModelsOptions) => {
      const { models, broken } = await listModels(options.models);
      for (const { folder, reason } of broken) process.stderr.write(`broken: ${onOneLine(`${folder}: ${reason}`)}\n`);
      if (options.json) console.log(JSON.stringify(models.map(describe), null, 2));
      else if (models.length === 0) console.log(`there are no models in ${options.models}`);
      else {
        const rows = models.map(({ card }) => [card.name, card.version, card.kind, card.licence, commercial(card)]);
        console.log(formatTable(['model', 'version', 'kind', 'licence', 'commercial use'], rows));
      }
    });
  sub('show')
    .description('licence, size, classes, and what a picture or a window of sound costs here')
    .argument('<name>', 'one that `models list` names, or the path of a folder')
    .action(async (name: string, options: ModelsOptions) => {
      const model = await findModel(options.models, name);
      printModel(model, options, await tryModel(model));
    });
  sub('verify')
    .description('check files against their digests, and run each model once')
    .argument('[name...]', 'default: all')
    .action(async (names: string[], options: ModelsOptions) => {
      const rows = await verify(names, options.models);
      if (rows.some(({ fault }) => fault !== null)) session.status = exitStatus.failed;
      if (options.json) console.log(JSON.stringify(rows, null, 2));
      else {
        for (const { model, fault } of rows) {
          console.log(`${model}: ${fault === null ? 'whole, runs' : onOneLine(fault)}`);
        }
      }
    });
  sub('remove')
    .description('remove a model')
    .argument('<name>', 'one that `models list` names')
    .action(async (name: string, options: ModelsOptions) => {
      const folder = await removeModel(options.models, name);
      console.log(options.json ? JSON.stringify({ removed: folder }) : `removed ${folder}`);
    });
  return group;
}

async function verify(names: readonly string[], dir: string): Promise<{ model: string; fault: string | null }[]> {
  const { models, broken } = await listModels(dir);
  const rows: { model: string; fault: string | null }[] = [];
  const wanted = names.length > 0 ? names : models.map(({ card }) => card.name);
  for (const name of wanted) {
    try {
      await tryModel(await findModel(dir, name));
      rows.push({ model: name, fault: null });
    } catch (error) {
      rows.push({ model: name, fault: (error as Error).message });
    }
  }
  if (names.length === 0) rows.push(...broken.map(({ folder, reason }) => ({ model: folder, fault: reason })));
  return rows;
}

function commercial({ commercialUse }: Pick<ModelFolder['card'], 'commercialUse'>): string {
  return commercialUse === null ? 'not known' : commercialUse ? 'allowed' : 'FORBIDDEN';
}

function printCatalogue(catalogue: Awaited<ReturnType<typeof readCatalogue>>, { json }: ModelsOptions): void {
  if (json) {
    console.log(JSON.stringify(catalogue, null, 2));
    return;
  }
  const rows = catalogue
    .map(modelOffer)
    .map((offer) => [
      ...[offer.name, offer.kind, megabytes(offer.bytes), offer.licence, commercial(offer), offer.ran ?? 'never'],
      offer.summary,
    ]);
  console.log(formatTable(['model', 'kind', 'size', 'licence', 'commercial use', 'run here', 'what it is'], rows));
}

function sizeOf({ bytes, data = [] }: ModelFolder['card']): number {
  return data.reduce((sum, file) => sum + file.bytes, bytes);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function describe({ card, folder, labels }: ModelFolder) {
  return { ...card, folder, classes: labels.map(({ name, group }) => ({ name, group })) };
}

function printModel(model: ModelFolder, { json }: ModelsOptions, trial: ModelTrial): void {
  const { card, labels, folder } = model;
  const milliseconds = Number(trial.milliseconds.toFixed(1));
  if (json) {
    console.log(JSON.stringify({ ...describe(model), cost: { milliseconds, of: trial.of } }, null, 2));
    return;
  }
  const groups = new Map<string, string[]>();
  for (const { name, group } of labels) groups.set(group, [...(groups.get(group) ?? []), name]);
  const rows: [string, string][] = [
    ['kind', card.kind],
    ['summary', card.summary],
    ['licence', `${card.licence}; commercial use ${commercial(card)}`],
    ['source', card.source],
    ['size', `${megabytes(sizeOf(card))}, sha256 ${card.sha256.slice(0, 12)}`],
    ['input', describeInput(card)],
    ['cost', `${milliseconds} ms a ${trial.of} here`],
    ...[...groups].map(([name, names]): [string, string] => [
      name,
      names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', '),
    ]),
    ['folder', folder],
  ];
  console.log(
    `${card.name} ${card.version}\n${rows.map(([key, text]) => `  ${key.padEnd(9)}${onOneLine(text)}`).join('\n')}`,
  );
}

function describeInput({ input }: ModelFolder['card']): string {
  if ('size' in input) return `${input.size.join(' x ')} pixels, ${input.fit.kind}`;
  const form = input.form === 'mel' ? `${input.mel.bins} mel bands (${input.mel.rule})` : 'samples';
  return `${input.rate} Hz, windows of ${Number((input.window / input.rate).toFixed(2))} s, ${form}`;
}

/** Without what nobody gave. */
function defined<Values extends object>(values: Values): { [Key in keyof Values]?: Exclude<Values[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as ReturnType<
    typeof defined<Values>
  >;
}
