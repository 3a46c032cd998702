import type { Command, Option } from 'commander';

/** A command and all commands below it. */
export function commandTree(command: Command): Command[] {
  return [command, ...command.commands.flatMap(commandTree)];
}

/**
 * Whether an option has its value from the settings file alone: then another that the command line gives may go before
 * it.
 */
export function isFromConfig(command: Command, attribute: string): boolean {
  return command.getOptionValueSource(attribute) === 'config';
}

/** The name of an option on the command line, without its dashes: `time-zone`. */
export function longName(option: Option): string {
  return (option.long ?? option.short ?? '').replace(/^--?/, '');
}
