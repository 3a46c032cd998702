import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeTextAtomic } from './write-text-atomic.ts';

let folder = '';
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'primatrix-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('writeTextAtomic', () => {
  it('writes parts one behind the other, more of them than are kept', async () => {
    const parts = Array.from({ length: 300 }, (_, i) => `${i}é`.repeat(2000));
    await writeTextAtomic(join(folder, 'a'), parts);
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe(parts.join(''));
  });

  it('leaves what was there, and nothing else, where a part cannot be made', async () => {
    await writeTextAtomic(join(folder, 'a'), ['old']);
    const parts = async function* () {
      yield 'x'.repeat(3 << 20);
      throw new Error('no more');
    };
    await expect(writeTextAtomic(join(folder, 'a'), parts())).rejects.toThrow('no more');
    expect(await readdir(folder)).toEqual(['a']);
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('old');
  });
});
