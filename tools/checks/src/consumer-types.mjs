import { join, relative } from 'node:path';
import ts from 'typescript';
import { workspacePackages } from './workspace-packages.mjs';

/** @typedef {import('./fault.mjs').Fault} Fault */

/**
 * What TypeScript says to someone who imports every published package by its name, as built, with nothing skipped. Only faults of
 * the packages' own declarations count: those of other libraries are not ours to mend.
 *
 * @param {string} root folder of the checkout; packages are built and linked in its node_modules
 * @returns {Fault[]}
 */
export function consumerTypeFaults(root) {
  const published = workspacePackages(root).filter(({ isPrivate, entries }) => !isPrivate && entries.length > 0);
  const consumer = join(root, 'consumer.mts');
  const text = published.map(({ name }, index) => `export * as package${index} from '${name}';`).join('\n');
  /** @type {ts.CompilerOptions} */
  const options = {
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    noEmit: true,
    skipLibCheck: false,
    strict: true,
    target: ts.ScriptTarget.ES2023,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile, readFile } = host;
  host.getCurrentDirectory = () => root;
  host.fileExists = (file) => file === consumer || fileExists(file);
  host.readFile = (file) => (file === consumer ? text : readFile(file));
  host.getSourceFile = (file, languageVersion, ...rest) =>
    file === consumer
      ? ts.createSourceFile(file, text, languageVersion)
      : getSourceFile(file, languageVersion, ...rest);
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([consumer], options, host));
  return diagnostics.flatMap(({ file, start = 0, messageText }) => {
    const place = file === undefined ? 'consumer.mts' : relative(root, file.fileName);
    if (/(^|\/)node_modules\//.test(place)) return [];
    const line = file === undefined ? 1 : file.getLineAndCharacterOfPosition(start).line + 1;
    return [{ file: place, line, message: ts.flattenDiagnosticMessageText(messageText, ' ') }];
  });
}
