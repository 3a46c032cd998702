import { parentPort, workerData } from 'node:worker_threads';
import koffi from 'koffi';
import type { KoffiFunc } from 'koffi';
import { readyId } from './messages.ts';
import type { CallAnswer, CallRequest, ThreadSetup } from './messages.ts';

type Call = KoffiFunc<(...values: (number | bigint)[]) => number>;

// LightGBM keeps its last error, log level and OpenMP thread count per thread, so that all calls must come from
// the same one: this. Memory is never copied here; addresses of the asking thread's arrays are used as they come.
const setup = workerData as ThreadSetup;
const types = { p: 'void *', i: 'int', l: 'int64_t' } as const;

const library = koffi.load(setup.library);
const lastError = library.func('LGBM_GetLastError', 'str', []) as () => string;
const calls = new Map<string, Call>();
for (const [name, letters] of Object.entries(setup.functions)) {
  const parameters = [...letters].map((letter) => types[letter as keyof typeof types]);
  calls.set(name, library.func(name, 'int', parameters) as Call);
}

// Without a callback messages go to stdout, which belongs to the program's own results.
const logCallback = koffi.proto('void LightgbmLog(const char *text)');
library.func('LGBM_RegisterLogCallback', 'int', [koffi.pointer(logCallback)])(
  koffi.register(() => undefined, koffi.pointer(logCallback)),
);

parentPort?.postMessage({ id: readyId, error: null } satisfies CallAnswer);
parentPort?.on('message', (request: CallRequest) => {
  let error: string | null = null;
  try {
    const call = calls.get(request.name);
    if (call === undefined) error = `the library has no function ${request.name}`;
    else if (call(...request.arguments) !== 0) error = lastError().trim();
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown);
  }
  parentPort?.postMessage({ id: request.id, error } satisfies CallAnswer);
});
