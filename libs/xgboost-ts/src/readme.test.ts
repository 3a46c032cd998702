import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readmeExample, temporaryFolder } from '@primatrix/testkit';
import { expect, it, vi } from 'vitest';

it('has an example that runs as it stands', async () => {
  await using folder = await temporaryFolder();
  vi.spyOn(process.stderr, 'write').mockReturnValue(true); // its progress: a line a round
  const before = process.cwd();
  process.chdir(folder.path);
  try {
    await import(await readmeExample(join(import.meta.dirname, '..')));
  } finally {
    process.chdir(before);
  }
  expect((await stat(folder.join('model.json'))).size).toBeGreaterThan(1000);
});
