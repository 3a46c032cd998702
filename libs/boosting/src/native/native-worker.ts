import { parentPort, workerData } from 'node:worker_threads';
import koffi from 'koffi';
import type { KoffiFunc } from 'koffi';
import { readyId } from './messages.ts';
import type { CallAnswer, CallRequest, ReadAnswer, ReadRequest, ThreadSetup } from './messages.ts';

type Call = KoffiFunc<(...values: (number | bigint)[]) => number>;

// The libraries keep their last error, log level and more per thread, so that all calls must come from the same one: this.
// Arguments are never copied here; addresses of the asking thread's arrays are used as they come.
const setup = workerData as ThreadSetup;
const types = { p: 'void *', i: 'int', l: 'int64_t' } as const;

keepFreedMemoryOut();
const library = koffi.load(setup.library);
const lastError = library.func(setup.lastError, 'str', []) as () => string;
const calls = new Map<string, Call>();
for (const [name, letters] of Object.entries(setup.functions)) {
  const parameters = [...letters].map((letter) => types[letter as keyof typeof types]);
  calls.set(name, library.func(name, 'int', parameters) as Call);
}

// Without a callback messages go to stdout, which belongs to the program's own results.
const logCallback = koffi.proto('void LogCallback(const char *text)');
library.func(setup.registerLog, 'int', [koffi.pointer(logCallback)])(
  koffi.register(() => undefined, koffi.pointer(logCallback)),
);

parentPort?.postMessage({ id: readyId, error: null, reads: [] } satisfies CallAnswer);
parentPort?.on('message', (request: CallRequest) => {
  let error: string | null = null;
  let reads: ReadAnswer[] = [];
  try {
    const call = calls.get(request.name);
    if (call === undefined) error = `the library has no function ${request.name}`;
    else if (call(...request.arguments) !== 0) error = lastError().trim();
    else reads = request.reads.map(read);
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown);
  }
  parentPort?.postMessage({ id: request.id, error, reads } satisfies CallAnswer, reads.flatMap(buffersOf));
});

/**
 * GNU's malloc takes ever larger blocks from its heaps, once such blocks have been freed, and cannot give them back from the
 * middle: after a dataset was made, 205 MB stayed that 20 MB were in use of. With a fixed threshold (its default, M_MMAP_THRESHOLD)
 * blocks of 128 kB and more are the system's again when they are freed. Other C libraries have no such setting.
 */
function keepFreedMemoryOut(): void {
  if (process.platform !== 'linux') return;
  try {
    koffi.load('libc.so.6').func('mallopt', 'int', ['int', 'int'])(-3, 128 * 1024);
  } catch {
    // Not GNU's: musl gives large blocks back by itself.
  }
}

function read(request: ReadRequest): ReadAnswer {
  switch (request.kind) {
    case 'text':
      return koffi.decode(request.pointer, 'str') as string;
    case 'texts': {
      const first = numberAt(request.pointer);
      return Array.from(
        { length: Number(numberAt(request.count)) },
        (_, index) => koffi.decode(first + 8n * BigInt(index), 'str') as string,
      );
    }
    case 'bytes':
      return new Uint8Array(copyOf(numberAt(request.pointer), Number(numberAt(request.count))));
    case 'floats': {
      const shape = [
        ...new BigUint64Array(copyOf(numberAt(request.shape), 8 * Number(numberAt(request.dimensions)))),
      ].map(Number);
      const length = shape.reduce((product, size) => product * size, 1);
      return { shape, data: new Float32Array(copyOf(numberAt(request.pointer), 4 * length)) };
    }
  }
}

function numberAt(address: bigint): bigint {
  return BigInt(koffi.decode(address, 'uint64_t') as number | bigint);
}

function copyOf(address: bigint, bytes: number): ArrayBuffer {
  return bytes === 0 ? new ArrayBuffer(0) : koffi.view(address, bytes).slice(0);
}

/** Moved to the asking thread instead of being copied once more. */
function buffersOf(answer: ReadAnswer): ArrayBuffer[] {
  if (answer instanceof Uint8Array) return [answer.buffer as ArrayBuffer];
  return typeof answer === 'object' && 'data' in answer ? [answer.data.buffer as ArrayBuffer] : [];
}
