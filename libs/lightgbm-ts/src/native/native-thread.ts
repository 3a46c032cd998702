import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import koffi from 'koffi';
import { ensureLibrary } from '../build/ensure-library.ts';
import { LightgbmBuildError, LightgbmError } from '../errors.ts';
import { cFunctions } from './c-api.ts';
import type { CFunction } from './c-api.ts';
import { readyId } from './messages.ts';
import type { CallAnswer, CallRequest, ThreadSetup } from './messages.ts';

/** Several pieces of memory, passed as an array of their addresses (`char**`). */
export interface MemoryList {
  readonly addresses: BigUint64Array;
  readonly memory: readonly Uint8Array[];
}

/** An argument of a call: a number, an address (handles are addresses), memory whose address is meant, or null. */
export type NativeArgument = number | bigint | ArrayBufferView | MemoryList | null;

interface Pending {
  readonly call: CFunction;
  /** Keeps the arrays reachable while native code works on them. */
  readonly held: readonly NativeArgument[];
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** The thread on which all LightGBM calls run one after another, away from the event loop. */
export class NativeThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #ended: LightgbmError | undefined;

  constructor(library: string, onEnd: () => void) {
    const restoreEnvironment = limitSpinning();
    this.#worker = new Worker(workerFile(), { workerData: { library, functions: cFunctions } satisfies ThreadSetup });
    // An idle thread does not keep the process alive; call() takes it back while there is work.
    this.#worker.unref();
    this.#worker.on('message', (answer: CallAnswer) => {
      if (answer.id === readyId) restoreEnvironment();
      else this.#settle(answer);
    });
    const end = (cause?: unknown): void => {
      restoreEnvironment();
      this.#ended ??= new LightgbmError('native thread', 'it ended before its work was done', { cause });
      for (const pending of this.#pending.values()) pending.reject(this.#ended);
      this.#pending.clear();
      onEnd();
    };
    this.#worker.on('error', end);
    this.#worker.on('exit', () => end());
  }

  /** Runs one C function. Memory passed must not be changed, transferred or resized until the promise settles. */
  call(name: CFunction, ...values: readonly NativeArgument[]): Promise<void> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    const request: CallRequest = { id, name, arguments: values.map(toNative) };
    return new Promise((resolve, reject) => {
      if (this.#pending.size === 0) this.#worker.ref();
      this.#pending.set(id, { call: name, held: values, resolve, reject });
      this.#worker.postMessage(request);
    });
  }

  #settle(answer: CallAnswer): void {
    const pending = this.#pending.get(answer.id);
    if (pending === undefined) return;
    this.#pending.delete(answer.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if (answer.error === null) pending.resolve();
    else pending.reject(new LightgbmError(pending.call, answer.error));
  }
}

/**
 * OpenMP's threads wait for each other by spinning. With the default count two trainings on two cores took 13 s instead of the
 * 0.9 s they take with this one, because each spins away the core the other needs; alone, it costs a tenth.
 * GNU's OpenMP reads the variable from the process's environment when the library is loaded; the returned function takes it back.
 */
function limitSpinning(): () => void {
  const name = 'GOMP_SPINCOUNT';
  if (process.env[name] !== undefined || process.env['OMP_WAIT_POLICY'] !== undefined) return () => undefined;
  process.env[name] = '1000';
  return () => {
    delete process.env[name];
  };
}

function toNative(value: NativeArgument): number | bigint {
  if (value === null) return 0n;
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if ('addresses' in value) return koffi.address(value.addresses);
  return value.byteLength === 0 ? 0n : koffi.address(value);
}

/** Lays the memory out for a call; pass the list as a whole, which keeps every piece alive. */
export function memoryList(memory: readonly Uint8Array[]): MemoryList {
  return { addresses: BigUint64Array.from(memory, (bytes) => koffi.address(bytes)), memory };
}

/** Node cannot start a thread from TypeScript: when this runs from its source, the built file next door is used. */
function workerFile(): URL {
  const url = import.meta.url.endsWith('.ts')
    ? new URL('../../dist/native/native-worker.js', import.meta.url)
    : new URL('./native-worker.js', import.meta.url);
  if (!existsSync(fileURLToPath(url))) {
    throw new LightgbmBuildError(`${fileURLToPath(url)} is missing`, { hint: 'Build the package first: npx tsc -b tsconfig.lib.json' });
  }
  return url;
}

let shared: Promise<NativeThread> | undefined;

/** The process's one native thread; the first use loads the library, which is built if no cache has it. */
export function nativeThread(): Promise<NativeThread> {
  if (shared === undefined) {
    const starting = ensureLibrary().then((library) => new NativeThread(library, forget));
    const forget = (): void => {
      if (shared === starting) shared = undefined;
    };
    starting.catch(forget);
    shared = starting;
  }
  return shared;
}
