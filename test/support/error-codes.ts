import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@primatrix/testkit';
import ts from 'typescript';

/** What the sources say of errors. */
export interface ErrorSources {
  readonly codes: ReadonlySet<string>;
  /** All texts; what is filled in is `…`. */
  readonly texts: readonly string[];
}

/** Ours, and the helpers that make them. */
const isOurError = /(Error|Problem)$/;

/** Every code that the sources give an error: `new XError('CODE', …)`, `super('CODE', …)`, `cellError('CODE', …)` and the like. */
export function readErrorSources(folders: readonly string[]): ErrorSources {
  const codes = new Set<string>();
  const texts = new Set<string>();
  const visit = (node: ts.Node): void => {
    for (const text of textsOf(node)) texts.add(text);
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) for (const code of codesIn(node)) codes.add(code);
    ts.forEachChild(node, visit);
  };
  for (const file of folders.flatMap((folder) => sourcesBelow(join(workspaceRoot(), folder)))) {
    visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true));
  }
  return { codes, texts: [...texts] };
}

function codesIn(node: ts.NewExpression | ts.CallExpression): string[] {
  const callee = node.expression;
  const name = ts.isIdentifier(callee) ? callee.text : callee.kind === ts.SyntaxKind.SuperKeyword ? 'superError' : '';
  if (!isOurError.test(name)) return [];
  // Of a problem of HTTP the status comes first; a code may be one of two, as in `answer ? 'A' : 'B'`.
  return (node.arguments ?? [])
    .slice(0, 2)
    .flatMap((argument) =>
      ts.isConditionalExpression(argument) ? [argument.whenTrue, argument.whenFalse] : [argument],
    )
    .flatMap((argument) =>
      ts.isStringLiteral(argument) && /^[A-Z][A-Z0-9_]{3,}$/.test(argument.text) ? [argument.text] : [],
    );
}

/** What a literal may come to: of a choice between two texts, both. */
function textsOf(node: ts.Node): string[] {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return textsOf(node.expression);
  if (ts.isConditionalExpression(node)) return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
  if (!ts.isTemplateExpression(node)) return [];
  return node.templateSpans.reduce(
    (before, { expression, literal }) => {
      const filled = ts.isConditionalExpression(expression) ? textsOf(expression) : [];
      return before.flatMap((text) =>
        (filled.length === 0 ? ['…'] : filled).map((part) => `${text}${part}${literal.text}`),
      );
    },
    [node.head.text],
  );
}

/** TypeScript and JavaScript files below a folder, without tests. */
export function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return /^(node_modules|dist|out-tsc)$/.test(entry.name) ? [] : sourcesBelow(path);
    return /\.(tsx?|mjs)$/.test(entry.name) && !/\.(test|fixture|bench)\.|\.d\.ts$/.test(entry.name) ? [path] : [];
  });
}
