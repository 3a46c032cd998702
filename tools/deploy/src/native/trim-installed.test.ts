import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('./trim-installed.mjs', import.meta.url));

it("leaves this platform's libraries whole, of others the addons alone, and of Binaryen its library", async () => {
  await using folder = await temporaryFolder();
  const runtimes = 'onnxruntime-node/bin/napi-v6';
  const own = `${process.platform}/${process.arch}`;
  const others = ['linux/x64', 'linux/arm64', 'darwin/arm64', 'win32/x64'].filter((name) => name !== own);
  const libraries = ['onnxruntime_binding.node', 'libonnxruntime.so.1', 'DirectML.dll'];
  const paths = [own, ...others].flatMap((platform) => libraries.map((name) => `${runtimes}/${platform}/${name}`));
  for (const path of [...paths, 'binaryen/index.js', 'binaryen/bin/wasm-opt']) {
    await mkdir(dirname(folder.join(path)), { recursive: true });
    await writeFile(folder.join(path), path);
  }
  // A second time finds nothing to do.
  for (let time = 0; time < 2; time++) execFileSync(process.execPath, [script, folder.path]);
  const left = (platform: string) => readdir(folder.join(runtimes, platform));
  expect(await left(own)).toHaveLength(3);
  for (const platform of others) expect(await left(platform)).toEqual(['onnxruntime_binding.node']);
  expect(['index.js', 'bin'].map((name) => existsSync(folder.join('binaryen', name)))).toEqual([true, false]);
});
