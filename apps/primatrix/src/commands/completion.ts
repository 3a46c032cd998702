import { Argument, Command } from 'commander';
import { bashCompletion } from '../completion/bash-completion.ts';
import { completionTree, type OfferedCommand } from '../completion/completion-tree.ts';
import { fishCompletion } from '../completion/fish-completion.ts';
import { powershellCompletion } from '../completion/powershell-completion.ts';
import { zshCompletion } from '../completion/zsh-completion.ts';
import type { Session } from '../terminal/session.ts';

const shells: ReadonlyMap<string, (tree: readonly OfferedCommand[]) => string> = new Map([
  ['bash', bashCompletion],
  ['zsh', zshCompletion],
  ['fish', fishCompletion],
  ['powershell', powershellCompletion],
]);

/** `primatrix completion`: what a shell runs to complete commands, options and their values. */
export function completionCommand(_session: Session): Command {
  return new Command('completion')
    .description('Prints a script for a shell that completes commands, options, their values, and names of files.')
    .addArgument(new Argument('<shell>', 'the shell').choices([...shells.keys()]))
    .addHelpText(
      'after',
      '\n' +
        'Examples:\n' +
        '  $ primatrix completion bash         in ~/.bashrc:    eval "$(primatrix completion bash)"\n' +
        '  $ primatrix completion zsh          in ~/.zshrc:     source <(primatrix completion zsh)\n' +
        '  $ primatrix completion fish         in config.fish:  primatrix completion fish | source\n' +
        '  $ primatrix completion powershell   in $PROFILE:     primatrix completion powershell | Out-String | Invoke-Expression\n\n' +
        'It completes the command primatrix, as npm install --global or npm link makes it; not npx primatrix.',
    )
    .action((shell: string, _options: unknown, self: Command) => {
      process.stdout.write((shells.get(shell) ?? bashCompletion)(completionTree(self.parent ?? self)));
    });
}
