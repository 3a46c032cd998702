import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '@primatrix/files';
import type { z } from 'zod';

/**
 * A file of JSON lines to which entries are only ever added. What `append` has resolved for survives kill -9 and power
 * cuts. Lines that cannot be read (the last one, torn by a crash) are passed over and stay where they are: nothing that
 * people wrote is ever removed.
 */
export class DurableLog<Entry> implements AsyncDisposable {
  private readonly handle: FileHandle;
  private last: Promise<void> = Promise.resolve();
  private mended: boolean;
  /** Lines that could not be read. */
  readonly unreadable: number;

  private constructor(handle: FileHandle, unreadable: number, endsWhole: boolean) {
    this.handle = handle;
    this.unreadable = unreadable;
    this.mended = endsWhole;
  }

  /** Reads what is there, entry by entry, and opens the file for more. */
  static async open<Entry>(
    path: string,
    schema: z.ZodType<Entry>,
    onEntry: (entry: Entry) => void,
  ): Promise<DurableLog<Entry>> {
    await makeFolder(dirname(path));
    const handle = await open(path, 'a');
    const { unreadable, endsWhole } = await readLog(path, schema, onEntry);
    await syncFolder(dirname(path));
    return new DurableLog(handle, unreadable, endsWhole);
  }

  /** Adds entries, in the order of the calls; they are on the disk when the promise settles. */
  append(entries: readonly Entry[]): Promise<void> {
    const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    const added = this.last.then(async () => {
      // A torn last line must not run into the next entry; nor one that a full disk has torn just now.
      const start = this.mended ? '' : '\n';
      this.mended = false;
      await this.handle.appendFile(start + lines);
      await this.handle.datasync();
      this.mended = true;
    });
    this.last = added.catch(() => undefined);
    return added;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.last;
    await this.handle.close();
  }
}

/**
 * Reads a log, entry by entry, without touching it.
 * @throws where there is no such file
 */
export async function readLog<Entry>(
  path: string,
  schema: z.ZodType<Entry>,
  onEntry: (entry: Entry) => void,
): Promise<{ readonly unreadable: number; readonly endsWhole: boolean }> {
  let unreadable = 0;
  const take = (line: string) => {
    if (line === '') return;
    try {
      onEntry(schema.parse(JSON.parse(line)));
    } catch {
      unreadable += 1;
    }
  };
  let rest = '';
  // Not `readline`: of 200 MB of long lines it makes twice the work.
  for await (const chunk of createReadStream(path, {
    encoding: 'utf8',
    highWaterMark: 1 << 20,
  }) as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(take);
  }
  take(rest);
  return { unreadable, endsWhole: rest === '' };
}

/** Makes the name of a new file durable, where the system can. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    // Windows has no such thing.
    if (!['EISDIR', 'EPERM', 'EINVAL', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
