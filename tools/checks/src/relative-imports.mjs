import { posix } from 'node:path';

/** Statements start a line; in comments and in most texts something stands before them. */
const statement = /^\s*(?:import|export)\b(?:[\w$*{},\s]*?\bfrom)?\s*['"](\.{1,2}\/[^'"]+)['"]/gm;
/** Modules that are loaded late, and types that are named where they are used. */
const call = /\bimport\(\s*['"](\.{1,2}\/[^'"]+)['"]/g;

/**
 * The files of a checkout that one of its files imports by a relative path; types count as values do.
 *
 * @param {string} file path of the importing file
 * @param {string} text its content
 * @param {ReadonlySet<string>} files all paths there are; what is not among them is no import
 * @returns {string[]} paths, each once, in the order of the statements
 */
export function relativeImports(file, text, files) {
  const specifiers = [...text.matchAll(statement), ...text.matchAll(call)].map((match) => match[1] ?? '');
  const targets = specifiers.flatMap((specifier) => {
    const path = posix.join(posix.dirname(file), specifier);
    const candidates = [path, path.replace(/js(x?)$/, 'ts$1'), `${path}.ts`, `${path}.tsx`, `${path}/index.ts`];
    return candidates.find((candidate) => files.has(candidate)) ?? [];
  });
  return [...new Set(targets)];
}
