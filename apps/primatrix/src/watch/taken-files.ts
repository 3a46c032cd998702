import { join } from 'node:path';
import { DurableLog } from '@primatrix/files';
import { z } from 'zod';
import { stampOfSeen, type SeenFile } from './settling.ts';

/** A file that was taken: as it was then. */
const takenSchema = z.object({ path: z.string(), stamp: z.string() });
type Taken = z.infer<typeof takenSchema>;

/** Which files of watched folders were taken, and as they were then: kept on the disk, one line each. */
export class TakenFiles implements AsyncDisposable {
  private readonly log: DurableLog<Taken>;
  private readonly byPath: Map<string, string>;

  private constructor(log: DurableLog<Taken>, byPath: Map<string, string>) {
    this.log = log;
    this.byPath = byPath;
  }

  /** @param folder of the review project's own files */
  static async open(folder: string): Promise<TakenFiles> {
    const byPath = new Map<string, string>();
    const log = await DurableLog.open(join(folder, 'watch.jsonl'), takenSchema, ({ path, stamp }) =>
      byPath.set(path, stamp),
    );
    return new TakenFiles(log, byPath);
  }

  /** Whether a file was taken as it is now. */
  has(file: SeenFile): boolean {
    return this.byPath.get(file.path) === stampOfSeen(file);
  }

  /** Whether a file was taken, as it is now or as it was before. */
  knows({ path }: SeenFile): boolean {
    return this.byPath.has(path);
  }

  /**
   * Of files that are new, those that were taken under another name, which is gone.
   * @param there paths of all files that were seen
   * @returns the path that each had
   */
  renamed(files: readonly SeenFile[], there: ReadonlySet<string>): Map<string, string> {
    const gone = new Map<string, string>();
    for (const [path, stamp] of this.byPath) if (!there.has(path)) gone.set(stamp, path);
    const found = new Map<string, string>();
    for (const file of files) {
      const before = this.byPath.has(file.path) ? undefined : gone.get(stampOfSeen(file));
      if (before !== undefined) found.set(file.path, before);
    }
    return found;
  }

  /** Keeps that files were taken. */
  async add(files: readonly SeenFile[]): Promise<void> {
    const entries = files.map((file) => ({ path: file.path, stamp: stampOfSeen(file) }));
    await this.log.append(entries);
    for (const { path, stamp } of entries) this.byPath.set(path, stamp);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.log[Symbol.asyncDispose]();
  }
}
