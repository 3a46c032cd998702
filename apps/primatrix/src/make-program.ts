import { packageOf } from '@primatrix/files';
import { Command, Help } from 'commander';
import { makeCommands, type askedCommand } from './command-table.ts';
import { configKeys, configName, offerConfig } from './options/config-file.ts';
import { commandTree } from './options/option-tree.ts';
import type { Session } from './terminal/session.ts';

const { version } = packageOf(import.meta.url);

/**
 * Makes the command line.
 * @param asked which commands are wanted
 * @param complaints is filled with what commander has to say, instead of stderr
 */
export async function makeProgram(
  session: Session,
  asked: ReturnType<typeof askedCommand>,
  complaints: string[] = [],
): Promise<Command> {
  const program: Command = new Command('primatrix')
    .description('Camera-trap video to species records.')
    .version(version)
    .exitOverride()
    // Also of commander's own `help`.
    .commandsGroup('Services and upkeep:')
    .helpCommand('help [command]', 'display help for command')
    // The list has names alone: what follows them, the commands themselves would have to be loaded for.
    .configureHelp({
      subcommandTerm: (command) => (command.parent === program ? command.name() : new Help().subcommandTerm(command)),
    })
    .showHelpAfterError('(add --help for the options)')
    .configureOutput({
      writeErr: (text) => void complaints.push(text),
      outputError: (text, write) => write(text),
    });
  for (const command of await makeCommands(session, asked)) {
    for (const below of commandTree(command)) {
      offerConfig(below);
      // Those below a command, too: they would write and exit by themselves.
      below.exitOverride().copyInheritedSettings(program);
    }
    program.addCommand(command);
  }
  return program.addHelpText(
    'after',
    '\n' +
      `Defaults of options can stand in ${configName}, in the folder where a command is started, or in the file of --config:\n` +
      `  ${configKeys.slice(0, 9).join(', ')},\n  ${configKeys.slice(9).join(', ')}\n\n` +
      'Exit status: 0 all done; 1 done, but some inputs failed; 2 wrong use; 130 interrupted.',
  );
}
