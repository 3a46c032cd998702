import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { PrimatrixError } from '@primatrix/contracts';
import { z } from 'zod';

const started = z.object({ versions: z.string() });
const answered = z.object({
  seconds: z.number(),
  boxes: z.array(
    z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]).transform((box) => {
      const [frame, label, score] = box;
      return { frame, label, score };
    }),
  ),
});

/** What the reference made of a clip. */
export type ReferenceAnswer = z.infer<typeof answered>;

/** `reference/detect_clips.py`, running and with its model loaded. */
export class ReferenceDetector {
  /** Of OpenCV and ONNX Runtime, for people. */
  readonly versions: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcessByStdio<Writable, Readable, null>, lines: Interface, versions: string) {
    this.#child = child;
    this.#lines = lines[Symbol.asyncIterator]();
    this.versions = versions;
  }

  /**
   * @param python a Python that has onnxruntime, opencv-python-headless and numpy
   * @throws PrimatrixError `REFERENCE_RUN` where it does not start
   */
  static async open(python: string, model: string): Promise<ReferenceDetector> {
    const script = fileURLToPath(new URL('../reference/detect_clips.py', import.meta.url));
    const child = spawn(python, [script, model], { stdio: ['pipe', 'pipe', 'inherit'] });
    const failed = once(child, 'error').then(([error]: unknown[]): never => {
      throw new PrimatrixError('REFERENCE_RUN', `clip-time: ${python} cannot be started`, { cause: error });
    });
    const lines = createInterface(child.stdout);
    const first = await Promise.race([once(lines, 'line'), once(lines, 'close'), failed]);
    if (first.length === 0) {
      throw new PrimatrixError('REFERENCE_RUN', 'clip-time: the reference ended; what it lacks stands above');
    }
    return new ReferenceDetector(child, lines, started.parse(JSON.parse(String(first[0]))).versions);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async detect(path: string, frames: readonly number[]): Promise<ReferenceAnswer> {
    this.#child.stdin.write(`${JSON.stringify({ path, frames })}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) throw new PrimatrixError('REFERENCE_RUN', `clip-time: the reference ended at ${path}`);
    return answered.parse(JSON.parse(String(value)));
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
  }
}
