import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { Journal } from './journal.ts';

describe('Journal', () => {
  it('gives back what was added, without a line that was cut off', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a', 'work.jsonl');
    {
      await using journal = await Journal.open<number>(path, 'k');
      await journal.add(1);
      await journal.add(2);
    }
    await appendFile(path, '{"half');
    {
      await using journal = await Journal.open<number>(path, 'k');
      expect(journal.entries).toEqual([1, 2]);
      await journal.add(3);
    }
    await using journal = await Journal.open<number>(path, 'k');
    expect(journal.entries).toEqual([1, 2, 3]);
  });

  it('keeps what stands before a damaged line', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'work.jsonl');
    await writeFile(path, '{"journal":"k"}\n1\nnot json\n3\n');
    await using journal = await Journal.open<number>(path, 'k');
    expect(journal.entries).toEqual([1]);
    expect(await readFile(path, 'utf8')).toBe('{"journal":"k"}\n1\n');
  });

  it('starts anew for other work', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'work.jsonl');
    await writeFile(path, '{"journal":"old"}\n1\n');
    await using journal = await Journal.open<number>(path, 'new');
    expect(journal.entries).toEqual([]);
    expect(await readFile(path, 'utf8')).toBe('{"journal":"new"}\n');
  });
});
