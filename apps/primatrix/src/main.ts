import { writeSync } from 'node:fs';
import { PrimatrixError } from '@primatrix/contracts';
import { packageOf } from '@primatrix/files';
import { Command, CommanderError } from 'commander';
import { describeFailure } from './terminal/describe-failure.ts';
import { exitStatus, type ExitStatus } from './terminal/exit-status.ts';
import type { Session } from './terminal/session.ts';

/** The standard output takes no more: a full disk, a closed device. Code `OUTPUT`. */
class OutputError extends PrimatrixError {}

const { version } = packageOf(import.meta.url);

// Loaded on demand: `primatrix score` need not wait for numeric engines.
const commands: Readonly<Record<string, () => Promise<(session: Session) => Command>>> = {
  demo: async () => (await import('./commands/demo.ts')).demoCommand,
  sample: async () => (await import('./commands/sample.ts')).sampleCommand,
  train: async () => (await import('./commands/train.ts')).trainCommand,
  predict: async () => (await import('./commands/predict.ts')).predictCommand,
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
  score: async () => (await import('./commands/score.ts')).scoreCommand,
  threshold: async () => (await import('./commands/threshold.ts')).thresholdCommand,
  inspect: async () => (await import('./commands/inspect.ts')).inspectCommand,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  import: async () => (await import('./commands/import.ts')).importCommand,
  visualise: async () => (await import('./commands/visualise.ts')).visualiseCommand,
  refit: async () => (await import('./commands/refit.ts')).refitCommand,
  bundle: async () => (await import('./commands/bundle.ts')).bundleCommand,
  probe: async () => (await import('./commands/probe.ts')).probeCommand,
  hash: async () => (await import('./commands/hash.ts')).hashCommand,
  features: async () => (await import('./commands/features.ts')).featuresCommand,
  weights: async () => (await import('./commands/weights.ts')).weightsCommand,
  folds: async () => (await import('./commands/folds.ts')).foldsCommand,
  store: async () => (await import('./commands/store.ts')).storeCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  bench: async () => (await import('./commands/bench.ts')).benchCommand,
  stage: async () => (await import('./commands/stage.ts')).stageCommand,
};

/** The command that is asked for; all of them where none is, for their list. */
function loadCommands(args: readonly string[]): Promise<((session: Session) => Command)[]> {
  const asked = commands[args.find((arg) => !arg.startsWith('-')) ?? ''];
  return Promise.all((asked === undefined ? Object.values(commands) : [asked]).map((load) => load()));
}

/**
 * Runs the command line.
 * @param args without the node binary and the script
 * @returns the exit status; nothing is thrown
 */
export async function run(args: readonly string[]): Promise<ExitStatus> {
  const interrupt = new AbortController();
  const session: Session = {
    signal: interrupt.signal,
    status: exitStatus.done,
    say: (text) => void process.stderr.write(`\n${text}\n`),
  };
  const onSignal = () => {
    // A second Ctrl-C does not wait for anything; finished work is on the disk already.
    if (interrupt.signal.aborted) process.exit(exitStatus.interrupted);
    session.say('stopping; what is finished is kept (Ctrl-C again to stop at once)');
    interrupt.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`| head`) is no failure of ours.
    if (error.code === 'EPIPE') process.exit(exitStatus.done);
    const failure = new OutputError('OUTPUT', `what was asked for cannot be printed: ${error.message}`, {
      cause: error,
    });
    writeSync(process.stderr.fd, `${describeFailure(failure).text}\n`);
    process.exit(exitStatus.failed);
  });
  // Where even that cannot be written there is nobody to tell; the work goes on.
  process.stderr.on('error', () => {});
  try {
    const program = new Command('primatrix')
      .description('Camera-trap video to species records.')
      .version(version)
      .exitOverride()
      .showHelpAfterError('(add --help for the options)')
      .configureOutput({ outputError: (text, write) => write(text) });
    for (const command of await loadCommands(args)) {
      program.addCommand(command(session).exitOverride().copyInheritedSettings(program));
    }
    program.addHelpText(
      'after',
      '\n' +
        'Start here:\n' +
        '  $ primatrix demo\n\n' +
        'Exit status: 0 all done; 1 done, but some inputs failed; 2 wrong use; 130 interrupted.',
    );
    await program.parseAsync(args, { from: 'user' });
    return session.status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.done : exitStatus.usage;
    if (interrupt.signal.aborted) return exitStatus.interrupted;
    const failure = describeFailure(error);
    process.stderr.write(`${failure.text}\n`);
    return failure.status;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
