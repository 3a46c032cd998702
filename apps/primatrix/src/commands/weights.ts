import {
  backboneFamilies,
  defaultWeightsDir,
  importWeights,
  listWeights,
  pullWeights,
  type BackboneFamily,
  type BackboneSpec,
  type WeightsCard,
} from '@primatrix/backbones';
import { Command } from 'commander';
import { backboneNamed, installedFamilies } from '../installed-families.ts';
import type { Session } from '../terminal/session.ts';
import { formatTable } from '../terminal/format.ts';

interface WeightsOptions {
  readonly weights: string;
  readonly json?: true;
}

/** Which there are depends on what is installed, and that is not looked at only to print help. */
const backboneArgument = 'one that `weights list` names, for example vgg16';

/** `primatrix weights`: the backbones' ImageNet weights. */
export function weightsCommand(_session: Session): Command {
  const group = new Command('weights')
    .description(
      "Weights are Keras Applications' HDF5 files without top; they are converted to ONNX once. Without weights a " +
        'backbone starts from a seed.',
    )
    .addHelpText(
      'after',
      '\n' +
        'Examples:\n' +
        '  $ primatrix weights list\n' +
        '  $ primatrix weights import vgg16 vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5\n' +
        '  $ primatrix weights pull vgg16',
    );
  const sub = (name: string) =>
    group
      .command(name)
      .option('--weights <dir>', 'folder of imported weights', defaultWeightsDir())
      .option('--json', 'print JSON');
  sub('list')
    .description('say which weights are there')
    .action(async (options: WeightsOptions) =>
      printList(await installedBackbones(), await listWeights(options.weights), options),
    );
  sub('import')
    .description('check and convert a Keras file')
    .argument('<backbone>', backboneArgument)
    .argument('<file.h5>', 'official file of that backbone, without top')
    .action(async (name: string, file: string, options: WeightsOptions) =>
      printCard(await importWeights(await specNamed(name), file, options.weights), options),
    );
  sub('pull')
    .description('download the official file, check it and convert it')
    .argument('<backbone>', backboneArgument)
    .option('--url <url>', 'another place to take the file from')
    .action(async (name: string, options: WeightsOptions & { url?: string }) =>
      printCard(
        await pullWeights(
          await specNamed(name),
          options.weights,
          options.url === undefined ? {} : { url: options.url },
        ),
        options,
      ),
    );
  return group;
}

async function installedBackbones(): Promise<BackboneFamily[]> {
  return backboneFamilies(await installedFamilies());
}

async function specNamed(name: string): Promise<BackboneSpec> {
  return backboneNamed(await installedBackbones(), name).backbone;
}

function printCard(card: WeightsCard, options: WeightsOptions): void {
  console.log(
    options.json
      ? JSON.stringify(card, null, 2)
      : `${card.backbone}: ${card.parameters} parameters from ${card.source.file} (sha256 ${card.source.sha256})`,
  );
}

function printList(backbones: readonly BackboneFamily[], cards: readonly WeightsCard[], options: WeightsOptions): void {
  if (options.json) {
    console.log(JSON.stringify(cards, null, 2));
    return;
  }
  const rows = backbones.map(({ backbone: { name } }) => {
    const card = cards.find((candidate) => candidate.backbone === name);
    return [
      name,
      card === undefined
        ? 'none: starts from a seed, UNTRAINED'
        : `${card.parameters} parameters from ${card.source.file}`,
    ];
  });
  console.log(formatTable(['backbone', 'weights'], rows));
}
