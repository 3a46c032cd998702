/**
 * Removes what npm's onnxruntime-node brings for other platforms than this, 243 of its 288 MB: what `npm run build` begins
 * with. An install script cannot do so, as a clone runs none: see .npmrc. The small addons stay, which the tests of
 * exports read; the libraries that they load go. A release fetches the package anew.
 */
import { readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const [given] = process.argv.slice(2);
const runtime = given ?? dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
const binaries = join(runtime, 'bin/napi-v6');
for (const platform of readdirSync(binaries)) {
  for (const arch of readdirSync(join(binaries, platform))) {
    if (platform === process.platform && arch === process.arch) continue;
    const folder = join(binaries, platform, arch);
    for (const file of readdirSync(folder)) if (!file.endsWith('.node')) rmSync(join(folder, file));
  }
}
