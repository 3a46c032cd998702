import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { benchCommand } from './commands/bench.ts';
import { bundleCommand } from './commands/bundle.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { featuresCommand } from './commands/features.ts';
import { foldsCommand } from './commands/folds.ts';
import { hashCommand } from './commands/hash.ts';
import { predictCommand } from './commands/predict.ts';
import { probeCommand } from './commands/probe.ts';
import { sampleCommand } from './commands/sample.ts';
import { scoreCommand } from './commands/score.ts';
import { stageCommand } from './commands/stage.ts';
import { trainCommand } from './commands/train.ts';
import { weightsCommand } from './commands/weights.ts';
import { describeFailure } from './describe-failure.ts';
import { exitStatus, type ExitStatus } from './exit-status.ts';
import type { Session } from './session.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

const commands = [
  demoCommand, sampleCommand, trainCommand, predictCommand, scoreCommand, bundleCommand, probeCommand, hashCommand,
  featuresCommand, weightsCommand, foldsCommand, doctorCommand, benchCommand, stageCommand,
];

/**
 * Runs the command line.
 * @param args without the node binary and the script
 * @returns the exit status; nothing is thrown
 */
export async function run(args: readonly string[]): Promise<ExitStatus> {
  const interrupt = new AbortController();
  const session: Session = { signal: interrupt.signal, status: exitStatus.done };
  const onSignal = () => {
    // A second Ctrl-C does not wait for anything; finished work is on the disk already.
    if (interrupt.signal.aborted) process.exit(exitStatus.interrupted);
    process.stderr.write('\nstopping; what is finished is kept (Ctrl-C again to stop at once)\n');
    interrupt.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  // A reader that has seen enough (`| head`) is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? exitStatus.done : exitStatus.failed));
  try {
    const program = new Command('primatrix')
      .description('Camera-trap video to species records.')
      .version(version)
      .exitOverride()
      .showHelpAfterError('(add --help for the options)')
      .configureOutput({ outputError: (text, write) => write(text) });
    for (const command of commands) program.addCommand(command(session).exitOverride().copyInheritedSettings(program));
    program.addHelpText('after', '\nStart here:\n  $ primatrix demo\n\nExit status: 0 all done; 1 done, but some inputs failed; 2 wrong use; 130 interrupted.');
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
