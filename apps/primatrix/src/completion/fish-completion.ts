import type { OfferedCommand, OfferedOption } from './completion-tree.ts';

const quoted = (text: string) => `'${text.replaceAll(/[\\']/g, (character) => `\\${character}`)}'`;

/** What follows the paths and words of the command line, for fish. */
export function fishCompletion(tree: readonly OfferedCommand[]): string {
  const paths = tree.filter(({ path }) => path !== '').map(({ path }) => quoted(path));
  const lines = tree.flatMap(({ path, options, commands }) => {
    const when = `-n ${quoted(`__primatrix_is "${path}"`)}`;
    return [
      ...commands.map(
        ({ name, description }) => `complete -c primatrix ${when} -f -a ${quoted(name)} -d ${quoted(description)}`,
      ),
      ...options.map((option) => `complete -c primatrix ${when} ${flagsOf(option)}`),
    ];
  });
  return `# fish completion of primatrix: primatrix completion fish | source
function __primatrix_is
    set -l at ''
    for word in (commandline -opc)[2..-1]
        set -l next (string trim -- "$at $word")
        if contains -- $next ${paths.join(' ')}
            set at $next
        end
    end
    test "$at" = "$argv[1]"
end
${lines.join('\n')}
`;
}

function flagsOf({ names, description, value }: OfferedOption): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(' ');
  return `${flags} ${valueFlags(value)}-d ${quoted(description)}`;
}

function valueFlags(value: OfferedOption['value']): string {
  if (value === 'nothing') return '';
  if (value === 'file') return '-r -F ';
  if (value === 'folder') return "-r -f -a '(__fish_complete_directories)' ";
  return value === 'anything' ? '-x ' : `-x -a ${quoted(value.join(' '))} `;
}
