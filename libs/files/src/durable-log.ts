import { createWriteStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { withAtomicFile } from './atomic.ts';
import { readLine, readLines, type LinePlace } from './json-lines.ts';
import { makeFolder } from './make-folder.ts';

/** What a line must be, for example a zod schema; throws where it is something else. */
export interface EntrySchema<Entry> {
  parse(value: unknown): Entry;
}

/** Is told of an entry, and where its line lies. */
export type OnEntry<Entry> = (entry: Entry, place: LinePlace) => void;

/**
 * A file of JSON lines to which entries are only ever added. What `append` has resolved for survives kill -9 and power
 * cuts. Lines that cannot be read (the last one, torn by a crash) are passed over and stay where they are: nothing that
 * people wrote is ever removed. Entries are not kept in memory: who needs one again reads it from its place. Other processes
 * may add to the same file.
 */
export class DurableLog<Entry> implements AsyncDisposable {
  private readonly handle: FileHandle;
  /** Where the file ended, in bytes, when this one last wrote or read. */
  private end: number;
  private endsWhole: boolean;
  private last: Promise<unknown> = Promise.resolve();
  /** Lines that could not be read. */
  readonly unreadable: number;

  private constructor(handle: FileHandle, { unreadable, endsWhole, end }: Found) {
    this.handle = handle;
    this.unreadable = unreadable;
    this.endsWhole = endsWhole;
    this.end = end;
  }

  /**
   * Reads what is there, entry by entry, and opens the file for more.
   * @param cutTorn whether what follows the last line break is cut off, because it can be made again
   */
  static async open<Entry>(
    path: string,
    schema: EntrySchema<Entry>,
    onEntry: OnEntry<Entry>,
    { cutTorn = false } = {},
  ): Promise<DurableLog<Entry>> {
    await makeFolder(dirname(path));
    const handle = await open(path, 'a+');
    try {
      const found = await readEntries(handle, schema, onEntry, { torn: !cutTorn });
      if (cutTorn) await handle.truncate(found.end);
      await syncFolder(dirname(path));
      return new DurableLog(handle, found);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /**
   * Adds entries, in the order of the calls; they are on the disk when the promise settles.
   * @returns where they lie, in their order
   */
  append(entries: readonly Entry[]): Promise<LinePlace[]> {
    const lines = entries.map((entry) => Buffer.from(`${JSON.stringify(entry)}\n`));
    const added = this.last.then(() => this.write(lines));
    this.last = added.catch(() => undefined);
    return added;
  }

  /** Reads an entry again; it is not checked once more. */
  async read(place: LinePlace): Promise<Entry> {
    return JSON.parse(await readLine(this.handle, place)) as Entry;
  }

  /** Writes all that is in it to another place, whole or not at all; also where the file has lost its name meanwhile. */
  async copyTo(path: string): Promise<void> {
    await withAtomicFile(path, (temporary) =>
      pipeline(this.handle.createReadStream({ start: 0, autoClose: false }), createWriteStream(temporary)),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.last;
    await this.handle.close();
  }

  private async write(lines: readonly Buffer[]): Promise<LinePlace[]> {
    const all = Buffer.concat(lines);
    // A torn last line must not run into the next entry; nor one that a full disk has torn just now.
    const start = this.endsWhole ? '' : '\n';
    const from = this.end;
    this.endsWhole = false;
    await this.handle.appendFile(Buffer.concat([Buffer.from(start), all]));
    await this.handle.datasync();
    this.endsWhole = true;
    this.end = (await this.handle.stat()).size;
    const expected = from + start.length;
    let offset = this.end === expected + all.length ? expected : await this.find(all, from);
    return lines.map(({ length }) => {
      const place = { offset, bytes: length - 1 };
      offset += length;
      return place;
    });
  }

  /** Where whole lines lie behind an offset: another process has added some before or behind. */
  private async find(lines: Buffer, from: number): Promise<number> {
    const { buffer } = await this.handle.read(Buffer.alloc(this.end - from), 0, this.end - from, from);
    // Behind a line break, so that they are not the end of a longer line; the first one here stands before `from`.
    const lineBreak = Buffer.from('\n');
    const found = Buffer.concat([lineBreak, buffer]).indexOf(Buffer.concat([lineBreak, lines]));
    if (found < 0) {
      throw new RangeError(`files: a log must hold what was added to it, got other bytes from ${from} to ${this.end}`);
    }
    return from + found;
  }
}

/**
 * Reads a log, entry by entry, without touching it.
 * @returns how many lines could not be read
 * @throws where there is no such file
 */
export async function readLog<Entry>(
  path: string,
  schema: EntrySchema<Entry>,
  onEntry: OnEntry<Entry>,
): Promise<{ readonly unreadable: number }> {
  await using handle = await open(path, 'r');
  return await readEntries(handle, schema, onEntry, { torn: true });
}

/** What was found in a log besides its entries. */
interface Found {
  readonly unreadable: number;
  readonly endsWhole: boolean;
  /** Where its last line that was read ends, in bytes. */
  readonly end: number;
}

async function readEntries<Entry>(
  handle: FileHandle,
  schema: EntrySchema<Entry>,
  onEntry: OnEntry<Entry>,
  options: { readonly torn: boolean },
): Promise<Found> {
  let unreadable = 0;
  let endsWhole = true;
  let end = 0;
  for await (const { text, place, whole } of readLines(handle, options)) {
    endsWhole = whole;
    end = place.offset + place.bytes + (whole ? 1 : 0);
    if (text === '') continue;
    try {
      onEntry(schema.parse(JSON.parse(text)), place);
    } catch {
      unreadable += 1;
    }
  }
  return { unreadable, endsWhole, end };
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
