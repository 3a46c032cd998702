import { mkdir, open, readFile, rm, truncate, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * A file to which finished pieces of long work are added, one JSON line each, so that work which is
 * interrupted (even by kill -9) goes on from there. A line that was cut off while being written is dropped.
 */
export class Journal<Entry> implements AsyncDisposable {
  private readonly handle: FileHandle;
  private readonly path: string;
  /** What earlier runs of the same work finished, in the order of finishing. */
  readonly entries: readonly Entry[];

  private constructor(path: string, handle: FileHandle, entries: readonly Entry[]) {
    this.path = path;
    this.handle = handle;
    this.entries = entries;
  }

  /**
   * Opens or starts a journal.
   * @param key identifies the work: a journal of other work at the same path is started anew
   */
  static async open<Entry>(path: string, key: string): Promise<Journal<Entry>> {
    await mkdir(dirname(path), { recursive: true });
    const content = await readFile(path, 'utf8').catch(() => '');
    const whole = content.slice(0, content.lastIndexOf('\n') + 1);
    const [header, ...lines] = whole.split('\n').slice(0, -1);
    const entries: Entry[] = [];
    let good = header === undefined ? 0 : Buffer.byteLength(header) + 1;
    if (header === headerLine(key)) {
      for (const line of lines) {
        try {
          entries.push(JSON.parse(line) as Entry);
        } catch {
          break;
        }
        good += Buffer.byteLength(line) + 1;
      }
      await truncate(path, good);
    } else {
      await rm(path, { force: true });
    }
    const handle = await open(path, 'a');
    if (header !== headerLine(key)) await handle.appendFile(`${headerLine(key)}\n`);
    return new Journal(path, handle, entries);
  }

  /** Adds an entry; it is on the disk when the promise settles. */
  async add(entry: Entry): Promise<void> {
    await this.handle.appendFile(`${JSON.stringify(entry)}\n`);
    await this.handle.datasync();
  }

  /** Closes the journal and keeps it for the next run. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.handle.close();
  }

  /** Removes the file: the work is complete and its result written elsewhere. */
  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

function headerLine(key: string): string {
  return JSON.stringify({ journal: key });
}
