import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { replaceFolder, takeBackFolder } from './replace-folder.ts';

async function made(path: string, text: string): Promise<string> {
  await mkdir(path);
  await writeFile(join(path, 'a'), text);
  return path;
}

it('puts a folder in the place of none, and of another, and leaves nothing beside it', async () => {
  await using folder = await temporaryFolder();
  const place = folder.join('bundle');
  await replaceFolder(await made(folder.join('new'), 'first'), place);
  await replaceFolder(await made(folder.join('new'), 'second'), place);
  expect(await readFile(join(place, 'a'), 'utf8')).toBe('second');
  expect(await readdir(folder.path)).toEqual(['bundle']);
});

it('gives readers one of the two at any moment', async () => {
  await using folder = await temporaryFolder();
  const place = await made(folder.join('bundle'), '0');
  let over = false;
  const reading = (async () => {
    let reads = 0;
    const read = () => readFile(join(place, 'a'), 'utf8');
    while (!over) {
      const text = await read().catch(async () => {
        await takeBackFolder(place);
        return read();
      });
      expect(text).toMatch(/^\d+$/);
      reads += 1;
    }
    return reads;
  })();
  for (let i = 1; i <= 200; i++) await replaceFolder(await made(folder.join(`new-${i}`), `${i}`), place);
  over = true;
  expect(await reading).toBeGreaterThan(100);
  expect(await readFile(join(place, 'a'), 'utf8')).toBe('200');
});

it('is taken back where the one who replaced it was killed between', async () => {
  await using folder = await temporaryFolder();
  const place = await made(folder.join('bundle'), 'before');
  await rename(place, folder.join('.bundle.before'));
  expect(await takeBackFolder(place)).toBe(true);
  expect(await readFile(join(place, 'a'), 'utf8')).toBe('before');
  expect(await takeBackFolder(place)).toBe(false);
});
