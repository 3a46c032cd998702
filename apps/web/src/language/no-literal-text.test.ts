import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { parse } from './catalogue.fixture.ts';

const sources = join(import.meta.dirname, '..');

/** Attributes whose values people read or hear. */
const spoken = /^(aria-(label|valuetext|description|roledescription)|title|alt|placeholder|label|does|says)$/;
/** What is the same in every language: keys, commands, units, paths, files and what stands in them. */
const inEveryLanguage =
  /^(primatrix [\w -]+(<folder>)?|camtrap-dp\.zip…|SVG|CSV|\/media\/card\/DCIM|no site|k?Hz|Del|[a-z])$/;

/** Text for people that stands in a source, instead of in a catalogue. */
function literalTexts(file: ts.SourceFile): string[] {
  const found: string[] = [];
  const check = (text: string, node: ts.Node) => {
    const words = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').trim();
    if (!/\p{L}/u.test(words) || inEveryLanguage.test(words)) return;
    const { line } = file.getLineAndCharacterOfPosition(node.getStart());
    found.push(`${relative(sources, file.fileName)}:${line + 1}: ${words}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) check(node.text, node);
    else if (ts.isJsxAttribute(node) && node.initializer !== undefined && isSpoken(node)) {
      if (ts.isStringLiteral(node.initializer)) check(node.initializer.text, node);
    } else if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node)) {
      if (!ts.isJsxAttribute(node.parent) && isSentence(node.text) && !isForPrograms(node)) check(node.text, node);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isSpoken({ name }: ts.JsxAttribute): boolean {
  return spoken.test(name.getText());
}

/** Two words with a space between, or one that begins large: what programs read looks otherwise. */
function isSentence(text: string): boolean {
  return /\p{L}+[,.:;]? \p{L}+/u.test(text) || /^\p{Lu}\p{Ll}+( |$|…)/u.test(text);
}

/** Keys, selectors, styles, formats: what is compared or handed to a function of the browser. */
const programs = /^(querySelector(All)?|matchMedia|closest|setItem|getItem|startsWith|replace|test|push|includes)$/;
function isForPrograms(node: ts.Node): boolean {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    if (ts.isImportDeclaration(parent) || ts.isTypeNode(parent)) return true;
    if (ts.isJsxAttribute(parent)) return /^(className|style|key|pattern|viewBox|d|form)$/.test(parent.name.getText());
    if (ts.isCallExpression(parent)) return programs.test(nameOf(parent.expression));
    if (ts.isBinaryExpression(parent) && /^[!=]==$/.test(parent.operatorToken.getText())) return true;
    if (ts.isPropertyAssignment(parent)) return parent.name === at || isProgramField(parent);
    if (ts.isArrayLiteralExpression(parent)) continue;
    if (ts.isVariableDeclaration(parent)) return /^(typing|place|transform)$/.test(parent.name.getText());
  }
  return false;
}

function isProgramField(property: ts.PropertyAssignment): boolean {
  return /^(key|transform|type|method|headers)$/.test(property.name.getText());
}

function nameOf(callee: ts.Expression): string {
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'language' ? [] : filesBelow(path);
    return /(?<!\.(test|fixture))\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

it('sees text that stands in a source', () => {
  const source = `
    export const A = () => <p title="Here it is" className="not this">Save {done ? 'Use it' : \`\${n} clips left\`} <kbd>z</kbd></p>;
    element.closest('button, a');
  `;
  const file = ts.createSourceFile(join(sources, 'a.tsx'), source, ts.ScriptTarget.Latest, true);
  expect(literalTexts(file).map((text) => text.replace(/^a.tsx:\d+: /, ''))).toEqual([
    'Here it is',
    'Save',
    'Use it',
    'clips left',
  ]);
});

it('all texts for people stand in the catalogues', () => {
  const files = filesBelow(sources);
  expect(files.length).toBeGreaterThan(70);
  expect(files.flatMap((path) => literalTexts(parse(path)))).toEqual([]);
});
