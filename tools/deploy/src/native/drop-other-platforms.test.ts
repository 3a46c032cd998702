import { execFileSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('./drop-other-platforms.mjs', import.meta.url));

it('leaves this platform whole, and of others the addons alone', async () => {
  await using folder = await temporaryFolder();
  const own = `${process.platform}/${process.arch}`;
  const others = ['linux/x64', 'linux/arm64', 'darwin/arm64', 'win32/x64'].filter((name) => name !== own);
  for (const platform of [own, ...others]) {
    for (const name of ['onnxruntime_binding.node', 'libonnxruntime.so.1', 'DirectML.dll']) {
      const path = folder.join('bin/napi-v6', platform, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, name);
    }
  }
  // A second time finds nothing to do.
  for (let time = 0; time < 2; time++) execFileSync(process.execPath, [script, folder.path]);
  const left = (platform: string) => readdir(folder.join('bin/napi-v6', platform));
  expect(await left(own)).toHaveLength(3);
  for (const platform of others) expect(await left(platform)).toEqual(['onnxruntime_binding.node']);
});
