import type { OfferedCommand, OfferedOption } from './completion-tree.ts';

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
/** `name:description`, as _describe wants it. */
const described = (name: string, description: string) => quoted(`${name.replaceAll(':', '\\:')}:${description}`);

/** What follows the paths and words of the command line, for zsh. */
export function zshCompletion(tree: readonly OfferedCommand[]): string {
  const paths = tree.filter(({ path }) => path !== '').map(({ path }) => quoted(path));
  const values = tree.flatMap(({ path, options }) => options.flatMap((option) => valueCase(path, option)));
  const words = tree.map(
    ({ path, options, commands }) => `    ${path === '' ? "''" : quoted(path)})
      options=(${options.flatMap(({ names, description }) => names.map((name) => described(name, description))).join(' ')})
      commands=(${commands.map(({ name, description }) => described(name, description)).join(' ')}) ;;`,
  );
  return `#compdef primatrix
# zsh completion of primatrix: source <(primatrix completion zsh), or put it as _primatrix into a folder of $fpath
_primatrix() {
  local -a options commands
  local at= next
  local -i i
  for ((i = 2; i < CURRENT; i++)); do
    next=\${at:+$at }\${words[i]}
    case "$next" in
    ${paths.join('|')}) at=$next ;;
    esac
  done
  case "$at:\${words[CURRENT-1]}" in
${values.join('\n')}
  esac
  case "$at" in
${words.join('\n')}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then
    _describe -o option options
  elif (( \${#commands} )); then
    _describe command commands
  else
    _files
  fi
}
if [[ \${funcstack[1]} == _primatrix ]]; then
  _primatrix "$@"
else
  compdef _primatrix primatrix
fi
`;
}

function valueCase(path: string, { names, value }: OfferedOption): string[] {
  const pattern = names.map((name) => quoted(`${path}:${name}`)).join('|');
  if (value === 'nothing') return [];
  if (value === 'file') return [`    ${pattern}) _files; return ;;`];
  if (value === 'folder') return [`    ${pattern}) _files -/; return ;;`];
  if (value === 'anything') return [`    ${pattern}) _message value; return ;;`];
  return [`    ${pattern}) compadd -- ${value.map(quoted).join(' ')}; return ;;`];
}
