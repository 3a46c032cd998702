import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { HttpProblem } from '../http/http-problem.ts';

/** Jobs under way at once: each is a decoder, and the gateway is to answer meanwhile. */
const atOnce = Math.max(1, Math.min(4, availableParallelism() - 1));
/** Jobs that wait: a fast scroll must not leave an hour of work behind. */
const mostWaiting = 200;

/** Files made from clips when somebody looks at them, kept on the disk; each is made once, a few at a time, the latest wish first. */
export class FileCache {
  private readonly folder: string;
  private readonly underWay = new Map<string, Promise<string>>();
  private readonly waiting: { readonly start: () => void; readonly refuse: (error: Error) => void }[] = [];
  private active = 0;

  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * @param source file that it is made from: a changed one is made from anew
   * @param make writes the file to the path given, whole or not at all
   * @returns path of the file
   * @throws HttpProblem 404 where the source is gone, 503 where too much waits
   */
  async file(source: string, ending: string, id: string, make: (path: string) => Promise<void>): Promise<string> {
    const info = await stat(source).catch((cause: unknown) => {
      throw new HttpProblem(404, 'CLIP_GONE', 'the file of this clip is not there any more', { cause });
    });
    const path = join(this.folder, `${id}-${info.size}-${Math.round(info.mtimeMs)}${ending}`);
    if ((await stat(path).catch(() => undefined)) !== undefined) return path;
    const before = this.underWay.get(path);
    if (before !== undefined) return before;
    const made = this.inTurn(() => make(path)).then(() => path);
    this.underWay.set(path, made);
    try {
      return await made;
    } finally {
      this.underWay.delete(path);
    }
  }

  private async inTurn(job: () => Promise<void>): Promise<void> {
    if (this.active >= atOnce) {
      await new Promise<void>((start, refuse) => {
        this.waiting.push({ start, refuse });
        if (this.waiting.length > mostWaiting) {
          this.waiting.shift()?.refuse(new HttpProblem(503, 'TOO_BUSY', 'too many pictures are being made; ask again'));
        }
      });
    } else {
      this.active += 1;
    }
    try {
      await job();
    } finally {
      const next = this.waiting.pop();
      if (next === undefined) this.active -= 1;
      else next.start();
    }
  }
}
