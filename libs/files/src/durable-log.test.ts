import { appendFile, readFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { DurableLog, readLog, type EntrySchema } from './durable-log.ts';

/** Of entries that have one member of a type. */
function having<Entry>(name: string, type: 'number' | 'string'): EntrySchema<Entry> {
  return {
    parse(value) {
      if (typeof (value as Record<string, unknown>)[name] !== type) throw new TypeError(`${name} must be a ${type}`);
      return value as Entry;
    },
  };
}

const schema = having<{ n: number }>('n', 'number');

async function readAll(path: string): Promise<{ numbers: number[]; unreadable: number }> {
  const numbers: number[] = [];
  await using log = await DurableLog.open(path, schema, ({ n }) => numbers.push(n));
  return { numbers, unreadable: log.unreadable };
}

it('keeps entries in order, also those appended at once', async () => {
  await using folder = await temporaryFolder();
  const path = folder.join('a/log.jsonl');
  {
    await using log = await DurableLog.open(path, schema, () => undefined);
    await Promise.all([log.append([{ n: 1 }, { n: 2 }]), log.append([{ n: 3 }])]);
  }
  expect(await readAll(path)).toEqual({ numbers: [1, 2, 3], unreadable: 0 });
});

it('passes over a torn last line, keeps it in the file, and does not let the next entry run into it', async () => {
  await using folder = await temporaryFolder();
  const path = folder.join('log.jsonl');
  {
    await using log = await DurableLog.open(path, schema, () => undefined);
    await log.append([{ n: 1 }]);
  }
  await appendFile(path, '{"n":2');
  {
    await using log = await DurableLog.open(path, schema, () => undefined);
    expect(log.unreadable).toBe(1);
    await log.append([{ n: 3 }]);
  }
  expect(await readAll(path)).toEqual({ numbers: [1, 3], unreadable: 1 });
  expect(await readFile(path, 'utf8')).toBe('{"n":1}\n{"n":2\n{"n":3}\n');
});

it('takes a last line that lacks nothing but its end', async () => {
  await using folder = await temporaryFolder();
  const path = folder.join('log.jsonl');
  await appendFile(path, '{"n":1}');
  expect(await readAll(path)).toEqual({ numbers: [1], unreadable: 0 });
});

it('reads lines that are longer than what is read at once', async () => {
  await using folder = await temporaryFolder();
  const path = folder.join('log.jsonl');
  const long = having<{ text: string }>('text', 'string');
  const text = 'ü'.repeat(1_500_000);
  {
    await using log = await DurableLog.open(path, long, () => undefined);
    await log.append([{ text }, { text: 'b' }]);
  }
  const lengths: number[] = [];
  await (await DurableLog.open(path, long, (entry) => lengths.push(entry.text.length)))[Symbol.asyncDispose]();
  expect(lengths).toEqual([1_500_000, 1]);
});

it('passes over lines that are something else, and says how many', async () => {
  await using folder = await temporaryFolder();
  const path = folder.join('log.jsonl');
  await appendFile(path, '{"n":1}\nnot json\n\n{"m":2}\n{"n":3}\n{"n"');
  expect(await readAll(path)).toEqual({ numbers: [1, 3], unreadable: 3 });
  const numbers: number[] = [];
  expect(await readLog(path, schema, ({ n }) => numbers.push(n))).toMatchObject({ unreadable: 3 });
  expect(numbers).toEqual([1, 3]);
});

it('cuts a torn last line off where that is wanted', async () => {
  await using folder = await temporaryFolder();
  const path = folder.join('log.jsonl');
  await appendFile(path, '{"n":1}\n{"n":2}');
  await using log = await DurableLog.open(path, schema, () => undefined, { cutTorn: true });
  expect(await log.append([{ n: 3 }])).toEqual([{ offset: 8, bytes: 7 }]);
  expect(await readFile(path, 'utf8')).toBe('{"n":1}\n{"n":3}\n');
});

it('finds what it added behind a torn line', async () => {
  await using folder = await temporaryFolder();
  const path = folder.join('log.jsonl');
  await appendFile(path, '{"n":1}\n{"n":');
  await using log = await DurableLog.open(path, schema, () => undefined);
  const places = await log.append([{ n: 2 }, { n: 3 }]);
  expect(await Promise.all(places.map((place) => log.read(place)))).toEqual([{ n: 2 }, { n: 3 }]);
});

it('knows the places of its own entries also where another adds to the same file', async () => {
  await using folder = await temporaryFolder();
  const path = folder.join('log.jsonl');
  await using one = await DurableLog.open(path, schema, () => undefined);
  await using other = await DurableLog.open(path, schema, () => undefined);
  const read = async (log: typeof one, n: number) => log.read((await log.append([{ n }]))[0] as never);
  for (const [n, m] of [
    [1, 2],
    [34, 5],
    [6, 78],
  ] as const) {
    expect(await Promise.all([read(one, n), read(other, m)])).toEqual([{ n }, { n: m }]);
  }
  expect((await readAll(path)).numbers.toSorted((a, b) => a - b)).toEqual([1, 2, 5, 6, 34, 78]);
});
