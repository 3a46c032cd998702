import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import type { BackboneSpec } from './backbone-spec.ts';
import { BackboneError } from './errors.ts';
import { torchSource } from './torch-source.ts';

const startedSchema = z.object({ versions: z.string() });
const answerSchema = z.object({ ms: z.number() });

/** The same nets in PyTorch, in a process of its own that waits between runs. */
export class TorchReference {
  /** Of PyTorch, and how many threads compute, for people. */
  readonly versions: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: AsyncIterator<string>;
  /** Nets whose layers the process has. */
  readonly #known = new Set<string>();

  private constructor(
    child: ChildProcessByStdio<Writable, Readable, Readable>,
    lines: AsyncIterator<string>,
    versions: string,
  ) {
    this.#child = child;
    this.#lines = lines;
    this.versions = versions;
  }

  /**
   * @param python a Python that has torch
   * @param threads 0 for all cores
   * @returns the reference, or in words why there is none
   */
  static async open(python: string, threads: number): Promise<TorchReference | string> {
    const child = spawn(python, ['-c', torchSource, String(threads)], { stdio: 'pipe' });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)));
    // What is asked of a process that has ended is answered by its last lines, or their want.
    child.stdin.on('error', () => undefined);
    const failed = once(child, 'error').then(([error]: unknown[]) => error as Error);
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const first = await Promise.race([lines.next(), failed]);
    if (first instanceof Error) return `${python} cannot be started: ${first.message}`;
    if (first.done === true) {
      return `${python} has no PyTorch to run: ${said.trim().split('\n').at(-1) || 'it ended'}`;
    }
    return new TorchReference(child, lines, startedSchema.parse(JSON.parse(first.value)).versions);
  }

  /**
   * Runs one batch of random pictures.
   * @returns milliseconds
   * @throws BackboneError `BENCH_REFERENCE` where the process has ended
   */
  async milliseconds({ name: net, layers }: BackboneSpec, size: number, batch: number): Promise<number> {
    const known = this.#known.has(net);
    this.#known.add(net);
    this.#child.stdin.write(`${JSON.stringify({ net, size, batch, ...(known ? {} : { layers }) })}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) {
      throw new BackboneError(
        'BENCH_REFERENCE',
        `bench backbones: the reference in Python ended at ${net} of ${size} pixels`,
      );
    }
    return answerSchema.parse(JSON.parse(value)).ms;
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
  }
}
