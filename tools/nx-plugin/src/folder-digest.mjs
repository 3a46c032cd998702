// Prints a digest of what a folder holds: names, sizes and times of change of all files, and the bytes of tables and
// cards. Clips and weights are not read: `node folder-digest.mjs <folder>`. An absent folder has a digest too, and a table alone.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const [folder = ''] = process.argv.slice(2);
const hash = createHash('sha256');

/** @returns {string[]} paths below the folder, sorted */
function filesBelow() {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  } catch {
    return [];
  }
}

if (statSync(folder, { throwIfNoEntry: false })?.isFile() === true) hash.update(readFileSync(folder));
for (const name of filesBelow()) {
  const path = join(folder, name);
  const info = statSync(path, { throwIfNoEntry: false });
  if (info === undefined || info.isDirectory()) continue;
  hash.update(`${JSON.stringify([name, info.size, info.mtimeMs])}\n`);
  if (/\.(csv|json)$/.test(name)) hash.update(readFileSync(path));
}
process.stdout.write(`${hash.digest('hex')}\n`);
