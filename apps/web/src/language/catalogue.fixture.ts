import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** One text of a language, as its source has it. */
export interface CatalogueText {
  /** Its pieces between what is filled in. */
  readonly pieces: readonly string[];
  /** What is filled in, by the names of the parameters; sorted, each once. */
  readonly filledIn: readonly string[];
}

/** A source file as a tree. */
export function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
}

/** All texts of a language by their place, as `grid.filters.search`. @param folder of the language */
export function textsOf(folder: string): ReadonlyMap<string, CatalogueText> {
  const texts = new Map<string, CatalogueText>();
  for (const name of readdirSync(folder).filter((file) => !/^(index|formats)\./.test(file))) {
    for (const statement of parse(join(folder, name)).statements) {
      if (!ts.isVariableStatement(statement)) continue;
      for (const { name: part, initializer } of statement.declarationList.declarations) {
        if (initializer !== undefined) collect(initializer, part.getText(), texts);
      }
    }
  }
  return texts;
}

function collect(node: ts.Expression, path: string, texts: Map<string, CatalogueText>): void {
  const value = ts.isSatisfiesExpression(node) ? node.expression : node;
  if (!ts.isObjectLiteralExpression(value)) return void texts.set(path, textOf(value));
  for (const property of value.properties) {
    if (!ts.isPropertyAssignment(property)) throw new Error(`${path}: ${property.getText()} is no text`);
    const name = ts.isStringLiteral(property.name) ? property.name.text : property.name.getText();
    collect(property.initializer, `${path}.${name}`, texts);
  }
}

function textOf(value: ts.Expression): CatalogueText {
  const given = ts.isArrowFunction(value) ? new Set(value.parameters.map(({ name }) => name.getText())) : new Set();
  const body = ts.isArrowFunction(value) ? value.body : value;
  const pieces: string[] = [];
  const filledIn = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node)) pieces.push(node.text);
    else if (ts.isJsxText(node)) pieces.push(node.text.replace(/[ \n]+/g, ' '));
    else if (ts.isIdentifier(node) && given.has(node.text) && !isFieldName(node)) {
      const { parent } = node;
      filledIn.add(ts.isPropertyAccessExpression(parent) ? parent.getText() : node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(body);
  return { pieces, filledIn: [...filledIn].sort() };
}

/** Whether an identifier is what stands after a point. */
function isFieldName(node: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
}
