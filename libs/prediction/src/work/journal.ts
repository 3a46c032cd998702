import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parsedJson, PrimatrixError, UsageError } from '@primatrix/contracts';
import {
  describeHolder,
  DurableLog,
  readLines,
  sha256Bytes,
  takeLock,
  waitForLock,
  type HeldLock,
  type LinePlace,
  type LockHolder,
} from '@primatrix/files';

/** A journal of work that was interrupted cannot be read. Codes: `JOURNAL_UNREADABLE`. */
class JournalError extends PrimatrixError {}

/** Of one who waits for a journal. */
export interface JournalPatience {
  readonly signal: AbortSignal;
  /** Told once who has it. */
  readonly onWait: (holder: string) => void;
}

/** What each of the first two lines is. */
interface Header {
  readonly journal: string;
}

/**
 * A {@link DurableLog} to which finished pieces of long work are added, so that work which is interrupted (even by
 * kill -9) goes on from there. One program at a time has it. A line that was cut off while being written is dropped,
 * one that was damaged is passed over. Its entries have no member `journal`: the first two lines have, and tell which
 * work it is; two, so that damage to one of them does not cost all behind it.
 */
export class Journal<Entry> implements AsyncDisposable {
  private readonly log: DurableLog<Entry | Header>;
  private readonly path: string;
  private readonly lock: HeldLock;

  private constructor(path: string, log: DurableLog<Entry | Header>, lock: HeldLock) {
    this.path = path;
    this.log = log;
    this.lock = lock;
  }

  /**
   * Opens or starts a journal. One of other work at the same path is put aside, and taken up again when that work is:
   * a mistyped option must not cost what hours have made.
   * @param key identifies the work
   * @param found is told what earlier runs of the same work finished, in the order of finishing
   * @param options.wait waits while another program has it, which is told who that is, until the signal aborts: what
   *   that one finishes is found here then. Default: it is refused
   * @throws JournalError where a file that is there cannot be read; it is left as it is; UsageError JOURNAL_IN_USE
   */
  static async open<Entry>(
    path: string,
    key: string,
    found?: (entry: Entry, place: LinePlace) => void,
    { wait }: { readonly wait?: JournalPatience } = {},
  ): Promise<Journal<Entry>> {
    const lock = await lockJournal(path, wait);
    try {
      return new Journal(path, await openLog(path, key, found), lock);
    } catch (error) {
      await lock[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Adds an entry; it is on the disk when the promise settles. */
  async add(entry: Entry): Promise<LinePlace> {
    const [place] = await this.log.append([entry]);
    return place as LinePlace;
  }

  /** Reads an entry again. */
  async read(place: LinePlace): Promise<Entry> {
    return (await this.log.read(place)) as Entry;
  }

  /** Closes the journal and keeps it for the next run. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.log[Symbol.asyncDispose]();
    await this.lock[Symbol.asyncDispose]();
  }

  /** Writes all that is in it to another place, whole or not at all. */
  async copyTo(path: string): Promise<void> {
    await this.log.copyTo(path);
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
}

async function lockJournal(path: string, wait: JournalPatience | undefined): Promise<HeldLock> {
  const place = `${path}.lock`;
  if (wait !== undefined) {
    const onWait = (holder: LockHolder) => wait.onWait(describeHolder(holder));
    return waitForLock(place, 'primatrix', { signal: wait.signal, onWait });
  }
  const lock = await takeLock(place, 'primatrix');
  if (lock.held) return lock;
  throw inUse(path, lock.holder);
}

/** Opens the log of this work; one of other work is put aside, and one of this work taken up from there. */
async function openLog<Entry>(
  path: string,
  key: string,
  found: ((entry: Entry, place: LinePlace) => void) | undefined,
): Promise<DurableLog<Entry | Header>> {
  const header: Header = { journal: key };
  const first = JSON.stringify(header);
  const there = await headerOf(path);
  if (there !== undefined && there !== first) await rename(path, asidePath(path, there));
  if (there !== first && (await headerOf(asidePath(path, first))) === first) {
    await rename(asidePath(path, first), path);
  }
  let started = false;
  const log = await DurableLog.open<Entry | Header>(
    path,
    { parse: (line) => line as Entry | Header },
    (line, place) => {
      if (isHeader(line)) started = true;
      else found?.(line, place);
    },
    { cutTorn: true },
  ).catch((error: unknown) => {
    throw (error as NodeJS.ErrnoException).syscall === 'read' ? unreadable(path, error) : error;
  });
  if (!started) await log.append([header, header]);
  return log;
}

/**
 * The line that says which work a journal is of; its first line where none does; undefined where there is no file, or
 * no whole line.
 */
async function headerOf(path: string): Promise<string | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    let first: string | undefined;
    for await (const { text } of readLines(handle)) {
      const journal = headerIn(text);
      if (journal !== undefined) return JSON.stringify({ journal } satisfies Header);
      first ??= text;
    }
    return first;
  } catch (error) {
    // Any other error says nothing of what is in the file.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(path, error);
  } finally {
    await handle?.close();
  }
}

function headerIn(text: string): string | undefined {
  // Entries are long, and no header: they need not be parsed.
  if (!text.startsWith('{"journal":')) return undefined;
  const journal = (parsedJson(text) as Partial<Header> | undefined)?.journal;
  return typeof journal === 'string' ? journal : undefined;
}

function inUse(path: string, holder: LockHolder): UsageError {
  return new UsageError(
    'JOURNAL_IN_USE',
    `prediction: another program does this work: ${describeHolder(holder)} (${path})`,
    { hint: 'wait for it, or stop it first: what it has finished is kept' },
  );
}

function isHeader<Entry>(line: Entry | Header): line is Header {
  return (line as Partial<Header> | null)?.journal !== undefined;
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
