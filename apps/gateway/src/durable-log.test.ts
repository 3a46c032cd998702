import { appendFile, readFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { DurableLog } from './durable-log.ts';

const schema = z.object({ n: z.int() });

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
  const long = z.object({ text: z.string() });
  const text = 'ü'.repeat(1_500_000);
  {
    await using log = await DurableLog.open(path, long, () => undefined);
    await log.append([{ text }, { text: 'b' }]);
  }
  const lengths: number[] = [];
  await (await DurableLog.open(path, long, (entry) => lengths.push(entry.text.length)))[Symbol.asyncDispose]();
  expect(lengths).toEqual([1_500_000, 1]);
});
