import { mkdir, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { packageOf } from './package-of.ts';

it('finds the package.json next above a source', async () => {
  await using folder = await temporaryFolder();
  await mkdir(folder.join('outer/inner/src/deep'), { recursive: true });
  await writeFile(folder.join('outer/package.json'), '{ "name": "outer", "version": "1.0.0" }');
  await writeFile(folder.join('outer/inner/package.json'), '{ "name": "inner", "version": "2.1.0" }');
  const of = (path: string) => packageOf(pathToFileURL(folder.join(path)).href);
  expect(of('outer/inner/src/deep/a.js')).toMatchObject({ name: 'inner', version: '2.1.0' });
  expect(of('outer/a.js')).toMatchObject({ name: 'outer', version: '1.0.0' });
  expect(packageOf(import.meta.url).name).toBe('@primatrix/files');
});

it('says which source has none', () => {
  expect(() => packageOf('file:///nowhere/at/all/a.js')).toThrow(
    'no folder above /nowhere/at/all/a.js has a package.json',
  );
});
