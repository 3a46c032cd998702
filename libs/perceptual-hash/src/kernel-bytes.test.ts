import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

it('is what assembly/ compiles to', async () => {
  const { kernelModule } = (await import(new URL('../assembly/build.mjs', import.meta.url).href)) as {
    kernelModule: () => Promise<string>;
  };
  const committed = await readFile(new URL('./kernel-bytes.ts', import.meta.url), 'utf8');
  expect(await kernelModule(), 'run `npm run kernel -w @primatrix/perceptual-hash`').toBe(committed);
});
