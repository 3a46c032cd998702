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

/** A file as a look into it found it: taken apart first, and its size and time asked for last. */
export interface ProbedFile extends Pick<SeenFile, 'bytes' | 'modifiedMs'> {
  /** Whether what its container announces is there; of files that say nothing of their end: true. */
  readonly complete: boolean;
}

/** Tells of files that are being copied when they are whole. */
export class Settling {
  private readonly patience: Patience;
  private readonly probe: (path: string) => Promise<ProbedFile>;
  /** By path: how the file was seen last, and since when it is so. */
  private seen = new Map<string, { readonly stamp: string; readonly since: number }>();

  constructor(patience: Patience, probe: (path: string) => Promise<ProbedFile>) {
    this.patience = patience;
    this.probe = probe;
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
      if (file.bytes > 0 && quiet >= this.patience.settleMs && (await this.ended(file, quiet))) whole.push(file);
      else seen.set(file.path, { stamp, since });
    }
    this.seen = seen;
    return whole;
  }

  private async ended(file: SeenFile, quiet: number): Promise<boolean> {
    if (quiet >= this.patience.giveUpMs) return true;
    // What cannot be read just now may be locked by who writes it.
    const probed = await this.probe(file.path).catch(() => undefined);
    // Written to since it was listed, it is whole by chance, and settles as another.
    return probed?.complete === true && probed.bytes === file.bytes && probed.modifiedMs === file.modifiedMs;
  }
}
