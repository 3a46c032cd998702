import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { PrimatrixError } from '@primatrix/contracts';
import koffi from 'koffi';
import type { ErrorMakers } from '../binding/errors.ts';
import { readyId } from './messages.ts';
import type { CallAnswer, CallRequest, Floats, ReadAnswer, ReadRequest, ThreadSetup } from './messages.ts';

/** Memory that holds addresses of other memory: the first is passed, all of it is kept alive until the call has ended. */
export interface MemoryList<Piece extends ArrayBufferView = ArrayBufferView> {
  readonly addresses: ArrayBufferView;
  readonly memory: readonly Piece[];
}

/** An argument of a call: a number, an address (handles are addresses), memory whose address is meant, or null. */
export type NativeArgument = number | bigint | ArrayBufferView | MemoryList | null;

/** What a call leaves in the library's own memory, by the arguments into which the call writes where it is. */
export type Reading =
  | { readonly kind: 'text'; readonly pointer: BigUint64Array }
  | { readonly kind: 'texts' | 'bytes'; readonly pointer: BigUint64Array; readonly count: BigUint64Array }
  | {
      readonly kind: 'floats';
      readonly pointer: BigUint64Array;
      readonly shape: BigUint64Array;
      readonly dimensions: BigUint64Array;
    };

type ReadValue = {
  readonly text: string;
  readonly texts: readonly string[];
  readonly bytes: Uint8Array;
  readonly floats: Floats;
};

interface Pending {
  readonly call: string;
  /** Keeps the arrays reachable while native code works on them. */
  readonly held: readonly unknown[];
  readonly resolve: (reads: readonly ReadAnswer[]) => void;
  readonly reject: (reason: unknown) => void;
}

/** The thread on which all calls of one library run one after another, away from the event loop. */
export class NativeThread<Name extends string = string> {
  readonly errors: ErrorMakers;
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #ended: Error | undefined;

  constructor(setup: ThreadSetup, errors: ErrorMakers, onEnd: () => void) {
    this.errors = errors;
    const restoreEnvironment = limitSpinning();
    this.#worker = new Worker(workerFile(), { workerData: setup });
    // An idle thread does not keep the process alive; call() takes it back while there is work.
    this.#worker.unref();
    this.#worker.on('message', (answer: CallAnswer) => {
      if (answer.id === readyId) restoreEnvironment();
      else this.#settle(answer);
    });
    const end = (cause?: unknown): void => {
      restoreEnvironment();
      // A library that cannot be loaded says why, for example which of its own libraries is missing.
      this.#ended ??= errors.native(
        'native thread',
        cause instanceof Error ? cause.message : 'it ended before its work was done',
        { cause },
      );
      for (const pending of this.#pending.values()) pending.reject(this.#ended);
      this.#pending.clear();
      onEnd();
    };
    this.#worker.on('error', end);
    this.#worker.on('exit', () => end());
  }

  /** Runs one C function. Memory passed must not be changed, transferred or resized until the promise settles. */
  async call(name: Name, ...values: readonly NativeArgument[]): Promise<void> {
    await this.#post(name, values, []);
  }

  /** Runs one C function and copies what it gives out, before another call can overwrite it. */
  async read<Kind extends Reading['kind']>(
    name: Name,
    values: readonly NativeArgument[],
    reading: Reading & { readonly kind: Kind },
  ): Promise<ReadValue[Kind]> {
    const [value] = await this.#post(name, values, [reading]);
    return value as ReadValue[Kind];
  }

  /** As {@link read}, for a function that gives out names and a value for each. */
  async readNamed(
    name: Name,
    values: readonly NativeArgument[],
    names: Reading & { readonly kind: 'texts' },
    floats: Reading & { readonly kind: 'floats' },
  ): Promise<readonly [readonly string[], Floats]> {
    const answers = await this.#post(name, values, [names, floats]);
    return answers as unknown as readonly [readonly string[], Floats];
  }

  #post(name: Name, values: readonly NativeArgument[], readings: readonly Reading[]): Promise<readonly ReadAnswer[]> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    const request: CallRequest = { id, name, arguments: values.map(toNative), reads: readings.map(toRequest) };
    return new Promise((resolve, reject) => {
      if (this.#pending.size === 0) this.#worker.ref();
      this.#pending.set(id, { call: name, held: [values, readings], resolve, reject });
      this.#worker.postMessage(request);
    });
  }

  #settle(answer: CallAnswer): void {
    const pending = this.#pending.get(answer.id);
    if (pending === undefined) return;
    this.#pending.delete(answer.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if (answer.error === null) pending.resolve(answer.reads);
    else pending.reject(this.errors.native(pending.call, answer.error));
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

function toRequest(reading: Reading): ReadRequest {
  const pointer = koffi.address(reading.pointer);
  if (reading.kind === 'text') return { kind: 'text', pointer };
  if (reading.kind === 'floats') {
    return {
      kind: 'floats',
      pointer,
      shape: koffi.address(reading.shape),
      dimensions: koffi.address(reading.dimensions),
    };
  }
  return { kind: reading.kind, pointer, count: koffi.address(reading.count) };
}

/** Lays pieces of memory out as an array of their addresses (`char**`); pass the list as a whole, which keeps every piece alive. */
export function memoryList(memory: readonly Uint8Array[]): MemoryList<Uint8Array> {
  return { addresses: BigUint64Array.from(memory, (bytes) => koffi.address(bytes)), memory };
}

/** The address of an array's memory, for texts that must name it; pass the text with the array as a {@link MemoryList}. */
export function addressOf(memory: ArrayBufferView): bigint {
  return koffi.address(memory);
}

/** The text as UTF-8 with the closing zero that C wants. */
export function cString(text: string): Uint8Array {
  return Buffer.from(`${text}\0`, 'utf8');
}

/** Node cannot start a thread from TypeScript: when this runs from its source, the built file next door is used. */
function workerFile(): URL {
  const url = import.meta.url.endsWith('.ts')
    ? new URL('../../dist/native/native-worker.js', import.meta.url)
    : new URL('./native-worker.js', import.meta.url);
  if (!existsSync(fileURLToPath(url))) {
    throw new PrimatrixError('NATIVE_WORKER', `native-boosting: ${fileURLToPath(url)} is missing`, {
      hint: 'Build the package first: npx tsc -b',
    });
  }
  return url;
}

/** A function that opens the process's one thread for a library, at its first use and after the thread has ended. */
export function sharedThread<Name extends string>(
  open: (onEnd: () => void) => Promise<NativeThread<Name>>,
): () => Promise<NativeThread<Name>> {
  let shared: Promise<NativeThread<Name>> | undefined;
  return () => {
    if (shared === undefined) {
      const forget = (): void => {
        if (shared === starting) shared = undefined;
      };
      const starting = open(() => forget());
      starting.catch(forget);
      shared = starting;
    }
    return shared;
  };
}
