/**
 * Removes from a clone's node_modules what nothing there can run, 320 MB: libraries of ONNX Runtime for other platforms
 * than this, and the programs beside the library of Binaryen that AssemblyScript imports. `npm run build` begins with it;
 * an install script cannot do so, as a clone runs none: see .npmrc. ONNX Runtime's small addons stay, which the tests of
 * exports read. A release fetches the package anew.
 *
 *     node trim-installed.mjs [<node_modules>]
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [modules = fileURLToPath(new URL('../../../../node_modules', import.meta.url))] = process.argv.slice(2);
const runtimes = join(modules, 'onnxruntime-node/bin/napi-v6');
for (const platform of readdirSync(runtimes)) {
  for (const arch of readdirSync(join(runtimes, platform))) {
    if (platform === process.platform && arch === process.arch) continue;
    const folder = join(runtimes, platform, arch);
    for (const file of readdirSync(folder)) if (!file.endsWith('.node')) rmSync(join(folder, file));
  }
}
rmSync(join(modules, 'binaryen/bin'), { recursive: true, force: true });
