import type { Command, Option } from 'commander';
import { commandTree } from '../options/option-tree.ts';

/** What a shell may offer behind an option. */
type OfferedValue = 'nothing' | 'file' | 'folder' | 'anything' | readonly string[];

/** An option as shells offer it. */
export interface OfferedOption {
  /** With its dashes; the long one first. */
  readonly names: readonly string[];
  readonly description: string;
  readonly value: OfferedValue;
}

/** One command with what can follow it. */
export interface OfferedCommand {
  /** `''`, `predict`, `weights import`. */
  readonly path: string;
  readonly options: readonly OfferedOption[];
  /** Commands below it; without any, clips and other files follow. */
  readonly commands: readonly { readonly name: string; readonly description: string }[];
}

/** All that the command line offers, its commands before those below them. */
export function completionTree(program: Command): OfferedCommand[] {
  return commandTree(program).map((command) => ({
    path: pathOf(command, program),
    options: command.createHelp().visibleOptions(command).map(offered),
    commands: command.commands.map((below) => ({
      name: below.name(),
      description: oneLine(below.summary() || below.description()),
    })),
  }));
}

function pathOf(command: Command, program: Command): string {
  if (command === program) return '';
  const above = command.parent === null ? '' : pathOf(command.parent, program);
  return above === '' ? command.name() : `${above} ${command.name()}`;
}

function offered(option: Option): OfferedOption {
  return {
    names: [option.long, option.short].filter((name) => name !== undefined && name !== null),
    description: oneLine(option.description),
    value: valueOf(option),
  };
}

function valueOf({ argChoices, flags, required, optional }: Option): OfferedValue {
  if (argChoices !== undefined) return argChoices;
  if (!required && !optional) return 'nothing';
  if (/<dir>/.test(flags)) return 'folder';
  return /<(?:csv|file|files|json|png|mp4|path|place|file\.\.\.)>/.test(flags) ? 'file' : 'anything';
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
