import type { FoundFile } from '@primatrix/dataset';

/** A file as a look through a folder saw it. */
export type SeenFile = Pick<FoundFile, 'path' | 'bytes' | 'modifiedMs' | 'identity'>;

/** Size, time of change and identity: another whenever somebody writes to the file. */
export function stampOfSeen({ bytes, modifiedMs, identity }: SeenFile): string {
  return `${bytes} ${modifiedMs} ${identity}`;
}

/** How long nobody may have written to a file before it is taken. */
export interface Patience {
  /** Milliseconds for which a file whose container ends must have stayed as it is. */
  readonly settleMs: number;
  /** Milliseconds after which a file is taken whose container never ends: it is damaged, and gets its row. */
  readonly giveUpMs: number;
}

/** Tells of files that are being copied when they are whole. */
export class Settling {
  private readonly patience: Patience;
  private readonly isComplete: (path: string) => Promise<boolean>;
  /** By path: how the file was seen last, and since when it is so. */
  private seen = new Map<string, { readonly stamp: string; readonly since: number }>();

  /** @param isComplete whether what a container announces is there; for files that say nothing of their end: true */
  constructor(patience: Patience, isComplete: (path: string) => Promise<boolean>) {
    this.patience = patience;
    this.isComplete = isComplete;
  }

  /** Files that are not whole yet. */
  get waiting(): number {
    return this.seen.size;
  }

  /**
   * Takes a look at all files that have not been taken yet; one that has gone is forgotten.
   * @param now milliseconds, by a clock that never goes back
   * @returns those that are whole
   */
  async look<File extends SeenFile>(files: readonly File[], now: number): Promise<File[]> {
    const whole: File[] = [];
    const seen = new Map<string, { readonly stamp: string; readonly since: number }>();
    for (const file of files) {
      if (file.bytes === null) continue;
      const stamp = stampOfSeen(file);
      const before = this.seen.get(file.path);
      const since = before?.stamp === stamp ? before.since : now;
      const quiet = now - since;
      if (file.bytes > 0 && quiet >= this.patience.settleMs && (await this.ended(file.path, quiet))) whole.push(file);
      else seen.set(file.path, { stamp, since });
    }
    this.seen = seen;
    return whole;
  }

  private async ended(path: string, quiet: number): Promise<boolean> {
    // What cannot be read just now may be locked by who writes it.
    return quiet >= this.patience.giveUpMs || (await this.isComplete(path).catch(() => false));
  }
}
