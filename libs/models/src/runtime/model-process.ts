import { fork, type ChildProcess } from 'node:child_process';
import type { PictureInput } from '../folder/model-card.ts';
import { ModelError } from '../model-error.ts';
import type { FittedPicture } from '../picture/fit-picture.ts';

/** A float32 output. */
export interface ModelOutput {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What a model's process may use. */
export interface ModelLimits {
  /** Threads of one operator; 0 for all cores. */
  readonly threads: number;
  /** Memory of the process, in bytes. */
  readonly memory: number;
  /** How long loading, and each run, may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** Limits that real models keep to: the largest encoders that people use have 1.2 GB of weights. */
export const defaultModelLimits: ModelLimits = { threads: 0, memory: 8 * 2 ** 30, timeoutMs: 120_000 };

/** Pictures that the process makes the input of: as bytes they are a quarter of it, and what is sent is copied four times. */
export interface Look {
  /** How they are written into the input. */
  readonly input: PictureInput;
  readonly pictures: readonly FittedPicture[];
  /** Pictures that the graph takes; those that are lacking are 0. */
  readonly count: number;
  readonly outputs: readonly string[];
}

/** What is asked of the process. */
export type Request =
  | { readonly kind: 'open'; readonly file: string; readonly threads: number; readonly memory: number }
  | {
      readonly kind: 'run';
      readonly input: string;
      readonly shape: readonly number[];
      readonly data: Float32Array;
      readonly outputs: readonly string[];
    }
  | ({ readonly kind: 'look' } & Look);
/** What it answers. */
export type Answer = { readonly outputs: readonly (readonly [string, ModelOutput])[] } | { readonly error: string };

/** Exit status of a process that used more memory than it may. */
export const tooMuchMemory = 87;

/** The system tells of a process's end within milliseconds after its channel closed. */
const exitMs = 1000;

/** The built process: Node 20 cannot load .ts sources. */
const processUrl = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/runtime/model-process-main.js' : './model-process-main.js',
  import.meta.url,
);

/**
 * A model in a process of its own: what a stranger's file does to its reader, it does there. Memory and time are limited, and the
 * process ends with this one.
 */
export class ModelProcess {
  readonly #file: string;
  readonly #limits: ModelLimits;
  readonly #child: ChildProcess;
  #ended: string | undefined;
  #settle: ((answer: Answer) => void) | undefined;
  /** Settles when what was asked last is answered. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(file: string, limits: ModelLimits) {
    this.#file = file;
    this.#limits = limits;
    this.#child = fork(processUrl, {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child.on('message', (answer) => this.#answer(answer as Answer));
    this.#child.on('error', (error) => this.#end(error.message));
    this.#child.on('exit', (code, signal) =>
      this.#end(
        code === tooMuchMemory
          ? `took more than ${Math.round(limits.memory / 2 ** 20)} MB of memory`
          : `ended the process that ran it (${signal ?? `exit status ${code}`})`,
      ),
    );
    // A process that waits for pictures is no reason to go on living.
    this.#child.unref();
    this.#child.channel?.unref();
  }

  /**
   * Loads a model.
   * @throws ModelError MODEL_RUN where it does not load, with the runtime's reason
   */
  static async open(file: string, limits: ModelLimits = defaultModelLimits): Promise<ModelProcess> {
    const process = new ModelProcess(file, limits);
    try {
      await process.#ask({ kind: 'open', file, threads: limits.threads, memory: limits.memory });
    } catch (error) {
      process.dispose();
      throw error;
    }
    return process;
  }

  /**
   * Runs the model once; those who ask meanwhile wait.
   * @param data of the input, float32, of `shape`
   * @returns the outputs asked for, all values finite
   * @throws ModelError MODEL_RUN where it fails, takes too long or too much memory, or gives NaN
   */
  async run(
    input: string,
    shape: readonly number[],
    data: Float32Array,
    outputs: readonly string[],
  ): Promise<ReadonlyMap<string, ModelOutput>> {
    return this.#inTurn({ kind: 'run', input, shape, data, outputs });
  }

  /**
   * Runs the model once on pictures; see {@link run}.
   * @throws ModelError MODEL_RUN
   */
  look(look: Look): Promise<ReadonlyMap<string, ModelOutput>> {
    return this.#inTurn({ kind: 'look', ...look });
  }

  dispose(): void {
    this.#ended ??= 'was closed';
    this.#child.removeAllListeners();
    this.#child.on('error', () => undefined);
    this.#child.kill('SIGKILL');
    if (this.#child.connected) this.#child.disconnect();
  }

  async #inTurn(request: Request): Promise<ReadonlyMap<string, ModelOutput>> {
    const answered = this.#turn.then(() => this.#ask(request));
    this.#turn = answered.catch(() => undefined);
    return new Map(await answered);
  }

  async #ask(request: Request): Promise<readonly (readonly [string, ModelOutput])[]> {
    const { timeoutMs } = this.#limits;
    let timer: NodeJS.Timeout | undefined;
    this.#child.ref();
    this.#child.channel?.ref();
    try {
      const answer = await new Promise<Answer>((resolve) => {
        if (this.#ended !== undefined) {
          resolve({ error: this.#ended });
          return;
        }
        this.#settle = resolve;
        timer = setTimeout(() => {
          this.#end(`gave no answer within ${timeoutMs / 1000} s`);
          this.#child.kill('SIGKILL');
        }, timeoutMs);
        this.#child.send(request, (error) => {
          // How it ended says more than that nobody listens any more, and is known a moment later.
          if (error !== null) setTimeout(() => this.#end(error.message), exitMs);
        });
      });
      if ('error' in answer) throw new ModelError('MODEL_RUN', `${this.#file}: the model ${answer.error}`);
      return answer.outputs;
    } finally {
      clearTimeout(timer);
      this.#settle = undefined;
      this.#child.unref();
      this.#child.channel?.unref();
    }
  }

  #answer(answer: Answer): void {
    this.#settle?.(answer);
  }

  #end(reason: string): void {
    this.#ended ??= reason;
    this.#settle?.({ error: this.#ended });
  }
}
