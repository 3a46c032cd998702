import { constants } from 'node:buffer';
import { appendFile, lstat, readdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { Journal } from './journal.ts';

/** Opens a journal, adds entries and closes it; gives what was there before. */
async function addTo<Entry>(path: string, key: string, ...entries: Entry[]): Promise<Entry[]> {
  const found: Entry[] = [];
  await using journal = await Journal.open<Entry>(path, key, (entry) => found.push(entry));
  for (const entry of entries) await journal.add(entry);
  return found;
}

describe('Journal', () => {
  it('gives back what was added, without a line that was cut off', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a', 'work.jsonl');
    expect(await addTo(path, 'k', 1, 2)).toEqual([]);
    await appendFile(path, '{"half');
    expect(await addTo(path, 'k', 3)).toEqual([1, 2]);
    expect(await addTo(path, 'k')).toEqual([1, 2, 3]);
  });

  it('drops a line that was cut off within a character', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'work.jsonl');
    await addTo(path, 'k', 'forêt', 'été');
    const whole = await readFile(path);
    // Its last bytes are the second one of é, a quotation mark and the line break.
    await truncate(path, whole.length - 3);
    expect(await addTo(path, 'k', 'hiver')).toEqual(['forêt']);
    expect(await readFile(path, 'utf8')).toBe('{"journal":"k"}\n{"journal":"k"}\n"forêt"\n"hiver"\n');
  });

  it('reads entries again from their places, those of earlier runs and those just added', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'work.jsonl');
    // Longer than what is read at once, and of characters of two bytes, so that one lies across its end.
    const long = `x${'é'.repeat(700_000)}`;
    await addTo(path, 'k', long, 'b');
    const places: { offset: number; bytes: number }[] = [];
    await using journal = await Journal.open<string>(path, 'k', (_, place) => places.push(place));
    places.push(...(await Promise.all(['c', 'ü', 'e'].map((entry) => journal.add(entry)))));
    expect(await Promise.all(places.map((place) => journal.read(place)))).toEqual([long, 'b', 'c', 'ü', 'e']);
  });

  it('goes on where the file is longer than the longest string', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'work.jsonl');
    const line = `"${'x'.repeat(1 << 20)}"\n`;
    const lines = Math.ceil(constants.MAX_STRING_LENGTH / line.length) + 1;
    await addTo(path, 'k');
    await writeFile(
      path,
      (function* () {
        for (let i = 0; i < lines; i++) yield line;
      })(),
      { flag: 'a' },
    );
    let found = 0;
    await using journal = await Journal.open<string>(path, 'k', () => found++);
    const place = await journal.add('last');
    expect(found).toBe(lines);
    expect(place.offset).toBeGreaterThan(constants.MAX_STRING_LENGTH);
    expect(await journal.read(place)).toBe('last');
  });

  it('passes over a damaged line', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'work.jsonl');
    await writeFile(path, '{"journal":"k"}\n1\nnot json\n3\n');
    expect(await addTo(path, 'k', 4)).toEqual([1, 3]);
    expect(await addTo(path, 'k')).toEqual([1, 3, 4]);
  });

  it("is one program's at a time", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'work.jsonl');
    {
      await using one = await Journal.open<string>(path, 'k');
      await expect(Journal.open<string>(path, 'other')).rejects.toMatchObject({
        code: 'JOURNAL_IN_USE',
        message: expect.stringContaining(`process ${process.pid} on ${hostname()}`) as string,
      });
      await one.add('first');
    }
    expect(await addTo(path, 'k')).toEqual(['first']);
    expect(await readdir(folder.path)).toEqual(['work.jsonl']);
  });

  it('is waited for where that is wanted, until it is free or somebody stops', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'work.jsonl');
    const one = await Journal.open<string>(path, 'k');
    const told: string[] = [];
    const stop = new AbortController();
    const wait = { signal: stop.signal, onWait: (holder: string) => told.push(holder) };
    const found: string[] = [];
    const waiting = Journal.open<string>(path, 'k', (entry) => found.push(entry), { wait });
    await one.add('first');
    await new Promise((resolve) => setTimeout(resolve, 400));
    await one[Symbol.asyncDispose]();
    await using _other = await waiting;
    expect(found).toEqual(['first']);
    expect(told).toEqual([expect.stringContaining(`process ${process.pid}`)]);
    const third = Journal.open<string>(path, 'k', undefined, { wait });
    stop.abort(new Error('stopped'));
    await expect(third).rejects.toThrow();
  });

  it.each([0, 1, 2, 3])('loses no other line where line %i is damaged', async (damaged) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'work.jsonl');
    await addTo(path, 'k', 'one', 'two');
    const lines = (await readFile(path, 'utf8')).split('\n');
    lines[damaged] = lines[damaged]?.replace('"', '\u0000') ?? '';
    await writeFile(path, lines.join('\n'));
    expect(await addTo(path, 'k')).toEqual(['one', 'two'].filter((_, i) => i !== damaged - 2));
  });

  it('starts anew for other work, and takes the first up again when it is back', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'work.jsonl');
    await addTo(path, 'first', 1);
    expect(await addTo(path, 'second', 2)).toEqual([]);
    expect(await readFile(path, 'utf8')).toBe('{"journal":"second"}\n{"journal":"second"}\n2\n');
    expect(await addTo(path, 'first')).toEqual([1]);
    expect(await addTo(path, 'second')).toEqual([2]);
    await writeFile(join(folder.path, 'work.jsonl-mine'), '');
    await using journal = await Journal.open(path, 'second');
    await journal.remove();
    expect((await readdir(folder.path)).sort()).toEqual(['work.jsonl-mine', 'work.jsonl.lock']);
  });

  it.skipIf(process.platform !== 'linux').each([
    ['EIO', '/proc/self/mem'],
    ['ELOOP', 'work.jsonl'],
  ])('leaves a file alone that cannot be read: %s', async (code, target) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'work.jsonl');
    await symlink(target, path);
    await expect(Journal.open(path, 'k')).rejects.toMatchObject({ code: 'JOURNAL_UNREADABLE', cause: { code } });
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await readdir(folder.path)).toEqual(['work.jsonl']);
  });
});
