import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { workspaceRoot } from '@primatrix/testkit';
import ts from 'typescript';
import { sourcesBelow } from './error-codes.ts';

/** A text in the sources that is the name of a family. */
export interface NamedFamily {
  /** Seen from the workspace root. */
  readonly file: string;
  readonly name: string;
}

/**
 * Texts in sources that are the name of a family, of what it makes, or of a variant of it (`stack-x-a`): literals and the
 * keys of objects, whole; sentences in which a name occurs are no names.
 * @param folders seen from the workspace root; tests below them are left out
 */
export function familiesNamedIn(folders: readonly string[], names: ReadonlySet<string>): NamedFamily[] {
  const found: NamedFamily[] = [];
  for (const path of folders.flatMap((folder) => sourcesBelow(join(workspaceRoot(), folder)))) {
    const file = relative(workspaceRoot(), path);
    const visit = (node: ts.Node): void => {
      const text = textOf(node);
      const name = text === undefined ? undefined : [...names].find((each) => text === each || isVariant(text, each));
      if (name !== undefined) found.push({ file, name });
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true));
  }
  return found;
}

function isVariant(text: string, name: string): boolean {
  return text.startsWith(`${name}-`) && /^[a-z0-9]{1,2}$/.test(text.slice(name.length + 1));
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isTemplateHead(node)) return node.text.replace(/-$/, '');
  if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name)) return node.name.text;
  return undefined;
}
