import type { OfferedCommand, OfferedOption } from './completion-tree.ts';

/** Bash expands the words of a list once more: what it would make something else of is not offered. */
const plainWord = /^[\w.@+-]+$/;

/** What follows the paths and words of the command line, for bash from 3.2 on. */
export function bashCompletion(tree: readonly OfferedCommand[]): string {
  const paths = tree.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`);
  const values = tree.flatMap(({ path, options }) => options.flatMap((option) => valueCase(path, option)));
  const words = tree.map(
    ({ path, options, commands }) =>
      `    '${path}') options='${options.flatMap(({ names }) => names).join(' ')}' commands='${commands.map(({ name }) => name).join(' ')}' ;;`,
  );
  return `# bash completion of primatrix: eval "$(primatrix completion bash)"
_primatrix() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} at= word next i options= commands=
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    next=\${at:+$at }$word
    case "$next" in
    ${paths.join('|')}) at=$next ;;
    esac
  done
  COMPREPLY=()
  case "$at:$prev" in
${values.join('\n')}
  esac
  case "$at" in
${words.join('\n')}
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
  elif [[ -n $commands ]]; then
    COMPREPLY=($(compgen -W "$commands" -- "$cur"))
  fi
}
complete -o bashdefault -o default -F _primatrix primatrix
`;
}

function valueCase(path: string, { names, value }: OfferedOption): string[] {
  const pattern = names.map((name) => `'${path}:${name}'`).join('|');
  if (value === 'nothing') return [];
  // With nothing to offer, bash completes names of files.
  if (value === 'file' || value === 'anything') return [`    ${pattern}) return ;;`];
  if (value === 'folder') {
    return [`    ${pattern}) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$cur")); return ;;`];
  }
  return [
    `    ${pattern}) COMPREPLY=($(compgen -W '${value.filter((word) => plainWord.test(word)).join(' ')}' -- "$cur")); return ;;`,
  ];
}
