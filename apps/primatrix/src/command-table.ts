import { Command } from 'commander';
import type { Session } from './terminal/session.ts';

/** Makes a command. */
type CommandMaker = (session: Session) => Command;

interface ListedCommand {
  readonly name: string;
  /** Under which the list of commands has it. */
  readonly group: string;
  /** What the list says of it. */
  readonly summary: string;
  readonly load: () => Promise<CommandMaker>;
}

// Loaded on demand: neither `primatrix score` nor the list of commands need wait for numeric engines.
const table: readonly ListedCommand[] = [
  ...grouped('Start here:', {
    demo: [
      'see it work: make the sample dataset, train, predict, score',
      async () => (await import('./commands/demo.ts')).demoCommand,
    ],
    ui: [
      'open the pages in the browser: add, watch, review and export clips',
      async () => (await import('./commands/ui.ts')).uiCommand,
    ],
    watch: [
      'watch folders, predict clips as they come, and keep results up to date',
      async () => (await import('./commands/watch.ts')).watchCommand,
    ],
    doctor: [
      'say what works on this machine, and what to do about what does not',
      async () => (await import('./commands/doctor.ts')).doctorCommand,
    ],
    sample: ['make the sample dataset', async () => (await import('./commands/sample.ts')).sampleCommand],
  }),
  ...grouped('Train and predict:', {
    train: [
      'train everything on a dataset: features, nets, stackers, ensemble',
      async () => (await import('./commands/train.ts')).trainCommand,
    ],
    predict: [
      'predict the species in clips with a trained bundle',
      async () => (await import('./commands/predict.ts')).predictCommand,
    ],
    detect: [
      'boxes around animals, people and vehicles in clips and pictures',
      async () => (await import('./commands/detect.ts')).detectCommand,
    ],
    inspect: [
      'show what each family saw in a clip',
      async () => (await import('./commands/inspect.ts')).inspectCommand,
    ],
    refit: [
      'fit the second level of a bundle again, with corrections',
      async () => (await import('./commands/refit.ts')).refitCommand,
    ],
    bundle: [
      'copy everything prediction needs into one folder',
      async () => (await import('./commands/bundle.ts')).bundleCommand,
    ],
  }),
  ...grouped('Labels, scores and other tools:', {
    import: [
      'make a dataset of the labels of another tool',
      async () => (await import('./commands/import.ts')).importCommand,
    ],
    export: [
      'convert predictions to the formats of other tools',
      async () => (await import('./commands/export.ts')).exportCommand,
    ],
    score: ['score predictions against labels', async () => (await import('./commands/score.ts')).scoreCommand],
    threshold: [
      'say which clips can be skipped as blank, losing at most a share of the animals',
      async () => (await import('./commands/threshold.ts')).thresholdCommand,
    ],
    folds: ['deal labelled clips into folds', async () => (await import('./commands/folds.ts')).foldsCommand],
  }),
  ...grouped('Look into clips and models:', {
    probe: [
      'say what clips are: size, length, codecs, time, sound',
      async () => (await import('./commands/probe.ts')).probeCommand,
    ],
    stamps: [
      'read time, camera and temperature that are burned into pictures',
      async () => (await import('./commands/stamps.ts')).stampsCommand,
    ],
    hash: ['pHash and dHash of every frame of a clip', async () => (await import('./commands/hash.ts')).hashCommand],
    features: [
      'feature tensors of clips, one safetensors file each',
      async () => (await import('./commands/features.ts')).featuresCommand,
    ],
    models: [
      'bring detectors, encoders and classifiers here, download, list and check them',
      async () => (await import('./commands/models.ts')).modelsCommand,
    ],
    weights: [
      "list, import or download the backbones' ImageNet weights",
      async () => (await import('./commands/weights.ts')).weightsCommand,
    ],
    visualise: [
      'draw example clips by class, and what families see in clips',
      async () => (await import('./commands/visualise.ts')).visualiseCommand,
    ],
  }),
  ...grouped('Services and upkeep:', {
    serve: [
      'run families of a bundle, or a trainer, as services on NATS',
      async () => (await import('./commands/serve.ts')).serveCommand,
    ],
    store: [
      'look after the place where services keep tensors',
      async () => (await import('./commands/store.ts')).storeCommand,
    ],
    stage: [
      'run one stage of a training (for task runners)',
      async () => (await import('./commands/stage.ts')).stageCommand,
    ],
    bench: [
      'measure: hash, predict, train-step, nets, stack, backbones, neighbours, bus',
      async () => (await import('./commands/bench.ts')).benchCommand,
    ],
    completion: [
      'print what completes commands and options in a shell',
      async () => (await import('./commands/completion.ts')).completionCommand,
    ],
  }),
];

/** Those that decode clips, and take the options that raise what one clip may cost. */
const decoding: ReadonlySet<string> = new Set([
  ...[
    'train',
    'predict',
    'ui',
    'watch',
    'serve',
    'detect',
    'inspect',
    'export',
    'import',
    'probe',
    'stamps',
    'hash',
    'features',
  ],
]);

async function loadCommand({ name, load }: ListedCommand): Promise<CommandMaker> {
  const make = await load();
  if (!decoding.has(name)) return make;
  const { withClipLimits } = await import('./options/clip-limits.ts');
  return (session) => withClipLimits(make(session));
}

function grouped(
  group: string,
  commands: Readonly<Record<string, readonly [summary: string, load: ListedCommand['load']]>>,
): ListedCommand[] {
  return Object.entries(commands).map(([name, [summary, load]]) => ({ name, group, summary, load }));
}

/**
 * Which commands arguments want: one by its name, all where they ask for what tells of all, or only the list where they
 * name none, or one that there is not.
 */
export function askedCommand(args: readonly string[]): { readonly name: string } | 'all' | 'list' {
  const [first, second] = args.filter((arg) => !arg.startsWith('-'));
  const name = first === 'help' ? second : first;
  if (name === 'completion' && first !== 'help') return 'all';
  return name !== undefined && table.some((command) => command.name === name) ? { name } : 'list';
}

/** Makes the commands that are asked for; of a list, no more than what it says of them. */
export function makeCommands(session: Session, asked: ReturnType<typeof askedCommand>): Promise<Command[]> {
  return Promise.all(
    table
      .filter(({ name }) => typeof asked === 'string' || asked.name === name)
      .map(async (listed) => {
        const command = asked === 'list' ? new Command(listed.name) : (await loadCommand(listed))(session);
        return command.summary(listed.summary).helpGroup(listed.group);
      }),
  );
}
