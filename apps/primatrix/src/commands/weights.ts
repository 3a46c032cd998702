import {
  backbones,
  defaultWeightsDir,
  importWeights,
  listWeights,
  pullWeights,
  type BackboneSpec,
  type WeightsCard,
} from '@primatrix/backbones';
import { UsageError } from '@primatrix/contracts';
import { Command } from 'commander';
import type { Session } from '../terminal/session.ts';
import { formatTable } from '../terminal/format.ts';

interface WeightsOptions {
  readonly weights: string;
  readonly json?: true;
}

/** `primatrix weights`: the backbones' ImageNet weights. */
export function weightsCommand(_session: Session): Command {
  const group = new Command('weights')
    .summary("list, import or download the backbones' ImageNet weights")
    .description(
      "Weights are Keras Applications' HDF5 files without top; they are converted to ONNX once. Without weights a backbone starts from a seed.",
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ primatrix weights list\n  $ primatrix weights import vgg16 vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5\n  $ primatrix weights pull vgg16',
    );
  const sub = (name: string) =>
    group
      .command(name)
      .option('--weights <dir>', 'folder of imported weights', defaultWeightsDir())
      .option('--json', 'print JSON');
  sub('list')
    .description('say which weights are there')
    .action(async (options: WeightsOptions) => printList(await listWeights(options.weights), options));
  sub('import')
    .description('check and convert a Keras file')
    .argument('<backbone>', Object.keys(backbones).join(', '))
    .argument('<file.h5>', 'official file of that backbone, without top')
    .action(async (name: string, file: string, options: WeightsOptions) =>
      printCard(await importWeights(backboneNamed(name), file, options.weights), options),
    );
  sub('pull')
    .description('download the official file, check it and convert it')
    .argument('<backbone>', Object.keys(backbones).join(', '))
    .option('--url <url>', 'another place to take the file from')
    .action(async (name: string, options: WeightsOptions & { url?: string }) =>
      printCard(
        await pullWeights(backboneNamed(name), options.weights, options.url === undefined ? {} : { url: options.url }),
        options,
      ),
    );
  return group;
}

function backboneNamed(name: string): BackboneSpec {
  const spec = backbones[name];
  if (spec === undefined) {
    throw new UsageError('WEIGHTS_BACKBONE', `weights: there is no backbone '${name}'`, {
      hint: `backbones: ${Object.keys(backbones).join(', ')}`,
    });
  }
  return spec;
}

function printCard(card: WeightsCard, options: WeightsOptions): void {
  console.log(
    options.json
      ? JSON.stringify(card, null, 2)
      : `${card.backbone}: ${card.parameters} parameters from ${card.source.file} (sha256 ${card.source.sha256})`,
  );
}

function printList(cards: readonly WeightsCard[], options: WeightsOptions): void {
  if (options.json) {
    console.log(JSON.stringify(cards, null, 2));
    return;
  }
  const rows = Object.keys(backbones).map((name) => {
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
