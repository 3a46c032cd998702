import type { Command } from 'commander';
import type { Session } from './terminal/session.ts';

/** Makes a command. */
type CommandMaker = (session: Session) => Command;

interface ListedCommand {
  readonly name: string;
  /** Under which the list of commands has it. */
  readonly group: string;
  readonly load: () => Promise<CommandMaker>;
}

// Loaded on demand: `primatrix score` need not wait for numeric engines.
const table: readonly ListedCommand[] = [
  ...grouped('Start here:', {
    demo: async () => (await import('./commands/demo.ts')).demoCommand,
    ui: async () => (await import('./commands/ui.ts')).uiCommand,
    watch: async () => (await import('./commands/watch.ts')).watchCommand,
    doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
    sample: async () => (await import('./commands/sample.ts')).sampleCommand,
  }),
  ...grouped('Train and predict:', {
    train: async () => (await import('./commands/train.ts')).trainCommand,
    predict: async () => (await import('./commands/predict.ts')).predictCommand,
    detect: async () => (await import('./commands/detect.ts')).detectCommand,
    inspect: async () => (await import('./commands/inspect.ts')).inspectCommand,
    refit: async () => (await import('./commands/refit.ts')).refitCommand,
    bundle: async () => (await import('./commands/bundle.ts')).bundleCommand,
  }),
  ...grouped('Labels, scores and other tools:', {
    import: async () => (await import('./commands/import.ts')).importCommand,
    export: async () => (await import('./commands/export.ts')).exportCommand,
    score: async () => (await import('./commands/score.ts')).scoreCommand,
    threshold: async () => (await import('./commands/threshold.ts')).thresholdCommand,
    folds: async () => (await import('./commands/folds.ts')).foldsCommand,
  }),
  ...grouped('Look into clips and models:', {
    probe: async () => (await import('./commands/probe.ts')).probeCommand,
    stamps: async () => (await import('./commands/stamps.ts')).stampsCommand,
    hash: async () => (await import('./commands/hash.ts')).hashCommand,
    features: async () => (await import('./commands/features.ts')).featuresCommand,
    models: async () => (await import('./commands/models.ts')).modelsCommand,
    weights: async () => (await import('./commands/weights.ts')).weightsCommand,
    visualise: async () => (await import('./commands/visualise.ts')).visualiseCommand,
  }),
  ...grouped('Services and upkeep:', {
    serve: async () => (await import('./commands/serve.ts')).serveCommand,
    store: async () => (await import('./commands/store.ts')).storeCommand,
    stage: async () => (await import('./commands/stage.ts')).stageCommand,
    bench: async () => (await import('./commands/bench.ts')).benchCommand,
    completion: async () => (await import('./commands/completion.ts')).completionCommand,
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

function grouped(group: string, loaders: Readonly<Record<string, ListedCommand['load']>>): ListedCommand[] {
  return Object.entries(loaders).map(([name, load]) => ({ name, group, load }));
}

/**
 * The only command that arguments want, by its name; undefined where they name none, or one that there is not, or the
 * one that tells of all.
 */
export function askedCommand(args: readonly string[]): string | undefined {
  const name = args.find((arg) => !arg.startsWith('-'));
  if (name === 'completion') return undefined;
  return table.some((command) => command.name === name) ? name : undefined;
}

/** Makes one command, or all of them for their list. */
export function makeCommands(session: Session, name?: string): Promise<Command[]> {
  return Promise.all(
    table
      .filter((command) => name === undefined || command.name === name)
      .map(async (command) => (await loadCommand(command))(session).helpGroup(command.group)),
  );
}
