import type { OfferedCommand } from './completion-tree.ts';

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
/** A tool tip may not be empty. */
const pair = (name: string, description: string) => `@(${quoted(name)}, ${quoted(description || name)})`;
/** Statements, each with a comma before its pair: else PowerShell makes one long list of all of them. */
const listed = (items: readonly string[]) => `@(${items.map((item) => `,${item}`).join('; ')})`;

/** What follows the paths and words of the command line, for PowerShell 5.1 and 7. */
export function powershellCompletion(tree: readonly OfferedCommand[]): string {
  const entries = tree.map(({ path, options, commands }) => {
    const values = options.flatMap(({ names, value }) =>
      typeof value === 'string' ? [] : names.map((name) => `${quoted(name)} = @(${value.map(quoted).join(', ')})`),
    );
    return `    ${quoted(path)} = @{
      Commands = ${listed(commands.map(({ name, description }) => pair(name, description)))}
      Options = ${listed(options.flatMap(({ names, description }) => names.map((name) => pair(name, description))))}
      Choices = @{ ${values.join('; ')} }
      Files = @(${options.flatMap(({ names, value }) => (typeof value === 'string' && value !== 'nothing' ? names.map(quoted) : [])).join(', ')})
    }`;
  });
  return `# PowerShell completion of primatrix: primatrix completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName primatrix -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $tree = @{
${entries.join('\n')}
  }
  $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { "$_" } | Select-Object -Skip 1)
  $at = ''
  foreach ($word in $words) {
    $next = "$at $word".Trim()
    if ($tree.ContainsKey($next)) { $at = $next }
  }
  $node = $tree[$at]
  $before = if ($words.Count -gt 0) { $words[-1] } else { '' }
  if ($node.Files -contains $before) { return }
  $offers = if ($node.Choices.ContainsKey($before)) { $node.Choices[$before] | ForEach-Object { ,@($_, $_) } }
    elseif ($wordToComplete -like '-*') { $node.Options }
    else { $node.Commands }
  $offers | Where-Object { $_ -and $_[0] -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_[0], $_[0], 'ParameterValue', $_[1])
  }
}
`;
}
