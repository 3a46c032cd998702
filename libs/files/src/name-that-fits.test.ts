import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeFileAtomic } from './atomic.ts';
import { nameThatFits } from './name-that-fits.ts';
import { temporaryName, temporaryOwner } from './temporary-name.ts';

it('leaves names alone that fit, and cuts the others at a character, each to its own', () => {
  expect(nameThatFits('site-1/0001.mp4', '.safetensors')).toBe('site-1/0001.mp4.safetensors');
  expect(nameThatFits('a'.repeat(243), '.safetensors')).toHaveLength(255);
  const [one, other] = ['1', '2'].map((end) => nameThatFits(`site/${'é'.repeat(125)}${end}.mp4`, '.safetensors'));
  expect(one).toMatch(/^site\/é+~[0-9a-f]{8}\.safetensors$/);
  expect(Buffer.byteLength(one?.slice(5) ?? '')).toBeLessThanOrEqual(255);
  expect(one).not.toBe(other);
});

it('files of the longest names there are can be written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'primatrix-'));
  const name = `${'l'.repeat(251)}.mp4`;
  await writeFileAtomic(join(folder, name), 'x');
  expect(await readdir(folder)).toEqual([name]);
  expect(temporaryOwner(temporaryName(name))).toEqual({ pid: process.pid, here: true });
  await rm(folder, { recursive: true });
});
