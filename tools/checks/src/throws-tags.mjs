import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kindOf } from './file-kinds.mjs';
import { listedFiles } from './listed-files.mjs';

/** @typedef {import('./fault.mjs').Fault} Fault */

const docblock = /^[ \t]*\/\*\*[\s\S]*?\*\//gm;
/** A sentence that begins so says what `@throws` is for. */
const prose = /(?:^|[.!?:;)]\s+|\*\s+)(Throws|Errors?:|@exception)\s/gm;

/**
 * What a function throws stands in its docblock behind `@throws`, where editors and documentation look for it.
 *
 * @param {string} root folder of the checkout
 * @returns {Fault[]}
 */
export function otherThrowsForms(root) {
  const files = listedFiles(root).filter((file) => kindOf(file) === 'source' && /\.([mc]?[jt]s|tsx)$/.test(file));
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return [...text.matchAll(docblock)].flatMap((block) =>
      [...block[0].matchAll(prose)].map((match) => ({
        file,
        line: text.slice(0, block.index + match.index + match[0].indexOf(match[1] ?? '')).split('\n').length,
        message: `'${match[1]}' in a docblock: write '@throws', the error's class, and when`,
      })),
    );
  });
}
