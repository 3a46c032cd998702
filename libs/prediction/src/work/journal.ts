import { copyFile, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder, sha256Bytes, withAtomicFile } from '@primatrix/files';
import { JournalError } from './journal-error.ts';
import { readLine, readLines, type LinePlace } from './json-lines.ts';

/**
 * A file to which finished pieces of long work are added, one JSON line each, so that work which is
 * interrupted (even by kill -9) goes on from there. A line that was cut off while being written is dropped.
 * Entries are not kept in memory: who needs one again reads it from its place.
 */
export class Journal<Entry> implements AsyncDisposable {
  private readonly handle: FileHandle;
  private readonly path: string;
  private end: number;
  private lastWrite: Promise<unknown> = Promise.resolve();

  private constructor(path: string, handle: FileHandle, end: number) {
    this.path = path;
    this.handle = handle;
    this.end = end;
  }

  /**
   * Opens or starts a journal. One of other work at the same path is put aside, and taken up again when that work is:
   * a mistyped option must not cost what hours have made.
   * @param key identifies the work
   * @param found is told what earlier runs of the same work finished, in the order of finishing
   * @throws JournalError where a file that is there cannot be read; it is left as it is
   */
  static async open<Entry>(
    path: string,
    key: string,
    found?: (entry: Entry, place: LinePlace) => void,
  ): Promise<Journal<Entry>> {
    await makeFolder(dirname(path));
    const header = JSON.stringify({ journal: key });
    const there = await headerOf(path);
    if (there !== undefined && there !== header) await rename(path, asidePath(path, there));
    if (there !== header && (await headerOf(asidePath(path, header))) === header) {
      await rename(asidePath(path, header), path);
    }
    const handle = await open(path, 'a+');
    try {
      const end = await readEntries<Entry>(path, handle, found);
      await handle.truncate(end);
      const journal = new Journal<Entry>(path, handle, end);
      if (end === 0) await journal.append(header);
      return journal;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Adds an entry; it is on the disk when the promise settles. */
  async add(entry: Entry): Promise<LinePlace> {
    // One after the other, so that places are known; after a write that failed none follows: it would stand behind half a line.
    const write = this.lastWrite.then(() => this.append(JSON.stringify(entry)));
    this.lastWrite = write;
    const place = await write;
    await this.handle.datasync();
    return place;
  }

  /** Reads an entry again. */
  async read(place: LinePlace): Promise<Entry> {
    return JSON.parse(await readLine(this.handle, place)) as Entry;
  }

  /** Closes the journal and keeps it for the next run. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.handle.close();
  }

  /** Writes all that is in it to another place, whole or not at all. */
  async copyTo(path: string): Promise<void> {
    await withAtomicFile(path, (temporary) => copyFile(this.path, temporary));
  }

  /** Removes the file, and those put aside: the work is complete and its result written elsewhere. */
  async remove(): Promise<void> {
    const [folder, name] = [dirname(this.path), basename(this.path)];
    const aside = (await readdir(folder)).filter(
      (other) => other.startsWith(`${name}-`) && /^-[0-9a-f]{16}$/.test(other.slice(name.length)),
    );
    for (const other of aside) await rm(join(folder, other), { force: true });
    await rm(this.path, { force: true });
  }

  private async append(line: string): Promise<LinePlace> {
    const bytes = Buffer.from(`${line}\n`);
    await this.handle.appendFile(bytes);
    const place = { offset: this.end, bytes: bytes.length - 1 };
    this.end += bytes.length;
    return place;
  }
}

/** The first line of a journal; undefined where there is no file, or no whole line in it. */
async function headerOf(path: string): Promise<string | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    for await (const { text } of readLines(handle)) return text;
    return undefined;
  } catch (error) {
    // Any other error says nothing of what is in the file.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(path, error);
  } finally {
    await handle?.close();
  }
}

/** Tells of each entry behind the header; gives the length of the file as far as it is whole. */
async function readEntries<Entry>(
  path: string,
  handle: FileHandle,
  found?: (entry: Entry, place: LinePlace) => void,
): Promise<number> {
  let end = 0;
  try {
    for await (const { text, place } of readLines(handle)) {
      const entry = parsed(text);
      if (entry === undefined) break;
      if (end > 0) found?.(entry as Entry, place);
      end = place.offset + place.bytes + 1;
    }
  } catch (error) {
    throw unreadable(path, error);
  }
  return end;
}

/** Undefined is no JSON, so it stands for a damaged line. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreadable(path: string, cause: unknown): JournalError {
  return new JournalError(
    'JOURNAL_UNREADABLE',
    `prediction: the journal of an interrupted run must be readable, got ${cause instanceof Error ? cause.message : String(cause)} (${path})`,
    {
      hint: 'mend the disk or its permissions and run the same command again; removing the file would start the work anew',
      cause,
    },
  );
}

function asidePath(path: string, header: string): string {
  return `${path}-${sha256Bytes(header).slice(0, 16)}`;
}
