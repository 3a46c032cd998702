import { writeSync } from 'node:fs';
import { PrimatrixError } from '@primatrix/contracts';
import { CommanderError } from 'commander';
import { askedCommand } from './command-table.ts';
import { makeProgram } from './make-program.ts';
import { applyConfig } from './options/config-file.ts';
import { checkPlaces } from './options/check-places.ts';
import { commandTree } from './options/option-tree.ts';
import { describeFailure } from './terminal/describe-failure.ts';
import { exitStatus, type ExitStatus } from './terminal/exit-status.ts';
import type { Session } from './terminal/session.ts';

/** The standard output takes no more: a full disk, a closed device. Code `OUTPUT`. */
class OutputError extends PrimatrixError {}

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
    await parse(args, session);
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

/** Parses the arguments and does what they ask for. */
async function parse(args: readonly string[], session: Session): Promise<void> {
  const complaints: string[] = [];
  const program = await makeProgram(session, askedCommand(args), complaints);
  const asked = program.commands.length === 1 ? program.commands[0] : undefined;
  if (asked !== undefined && !asksForHelp(args)) {
    for (const command of commandTree(asked)) await applyConfig(command, namedConfig(args));
  }
  // After the arguments are known to be in order, before anything is done.
  program.hook('preAction', async (_program, command) => {
    await checkPlaces(command);
    const { device } = command.opts<{ device?: unknown }>();
    // The engine is loaded for those alone who ask for more than the CPU.
    if (typeof device === 'string' && device !== 'cpu') {
      await (await import('./options/check-device.ts')).checkDevice(device);
    }
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.code === 'commander.missingMandatoryOptionValue') {
      const typo = await mistypedOption(args, session);
      if (typo !== undefined) complaints.splice(0, complaints.length, typo);
    }
    process.stderr.write(complaints.join(''));
    throw error;
  }
}

/**
 * What commander says of an option that there is not. It says first that another is missing, which that one was meant
 * to be: so the arguments are parsed once more by commands that want no option and do nothing.
 */
async function mistypedOption(args: readonly string[], session: Session): Promise<string | undefined> {
  const complaints: string[] = [];
  const program = await makeProgram(session, askedCommand(args), complaints);
  for (const command of program.commands.flatMap(commandTree)) {
    for (const option of command.options) option.mandatory = false;
    if (command.commands.length === 0) command.action(() => undefined);
  }
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.code === 'commander.unknownOption') return complaints.join('');
  }
  return undefined;
}

function asksForHelp(args: readonly string[]): boolean {
  return args.some((arg) => arg === '--help' || arg === '-h');
}

/** The value of `--config`: needed before the options that it stands for are parsed. */
function namedConfig(args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => arg === '--config' || arg.startsWith('--config='));
  if (at < 0) return undefined;
  const arg = args[at] as string;
  return arg === '--config' ? args[at + 1] : arg.slice('--config='.length);
}
