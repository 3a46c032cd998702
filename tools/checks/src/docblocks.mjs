import { existsSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import ts from 'typescript';
import { workspacePackages } from './workspace-packages.mjs';

/** @typedef {import('./fault.mjs').Fault} Fault */

/**
 * Whatever another package can import has a docblock with a sentence; a tag alone is none. Whether the sentence gives shapes,
 * units, ranges and errors is for people to judge.
 *
 * @param {string} root folder of the checkout
 * @returns {Fault[]} one for each export without
 */
export function missingDocblocks(root) {
  const packages = workspacePackages(root);
  const program = sourcesAlone(packages.flatMap(({ entries }) => entries.map((entry) => join(root, entry))));
  const checker = program.getTypeChecker();
  /** @type {Map<string, Fault>} */
  const faults = new Map();
  for (const entry of packages.flatMap(({ entries }) => entries)) {
    const source = program.getSourceFile(join(root, entry));
    const module = source && checker.getSymbolAtLocation(source);
    for (const exported of module ? checker.getExportsOfModule(module) : []) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      // What a package passes on of another one is described there.
      const declaration = symbol.declarations?.[0];
      // A name that JavaScript gives a type in a comment is in a docblock already.
      if (declaration === undefined || ts.isJSDocTypedefTag(declaration) || hasSentence(symbol, checker)) continue;
      const file = declaration.getSourceFile();
      const line = file.getLineAndCharacterOfPosition(declaration.getStart(file)).line + 1;
      const place = relative(root, file.fileName);
      faults.set(`${place}:${line}`, {
        file: place,
        line,
        message: `'${symbol.name}' can be imported by other packages and has no docblock: say what it is, with shapes, units, ranges and errors`,
      });
    }
  }
  return [...faults.values()];
}

/** @param {ts.Symbol} symbol @param {ts.TypeChecker} checker */
function hasSentence(symbol, checker) {
  return /\w+\W+\w+/.test(ts.displayPartsToString(symbol.getDocumentationComment(checker)));
}

/**
 * A program of what the files import by relative paths: comments need no types of others.
 *
 * @param {readonly string[]} files absolute paths
 */
function sourcesAlone(files) {
  /** @type {ts.CompilerOptions} */
  const options = {
    allowJs: true,
    allowImportingTsExtensions: true,
    jsx: ts.JsxEmit.Preserve,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    noLib: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (literals, from) =>
    literals.map(({ text }) => {
      const path = join(dirname(from), text.replace(/js(x?)$/, 'ts$1'));
      const known = text.startsWith('.') && existsSync(path);
      return { resolvedModule: known ? { resolvedFileName: path, extension: extname(path) } : undefined };
    });
  return ts.createProgram([...files], options, host);
}
