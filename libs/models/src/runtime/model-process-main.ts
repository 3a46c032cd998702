import { feedTensor, openSession, type Session } from '@primatrix/onnx';
import { tooMuchMemory, type Answer, type ModelOutput, type Request } from './model-process.ts';

// A process of its own for a model that a stranger made. It ends with its parent.
process.once('disconnect', () => process.exit());

/** How often memory is looked at, in milliseconds; the runtime computes on threads of its own meanwhile. */
const watchEveryMs = 50;

let session: Session | undefined;

process.on('message', (message) => {
  void answerTo(message as Request).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ error: `fails: ${(error as Error).message}` } satisfies Answer),
  );
});

async function answerTo(request: Request): Promise<Answer> {
  if (request.kind === 'open') {
    setInterval(() => {
      if (process.memoryUsage.rss() > request.memory) process.exit(tooMuchMemory);
    }, watchEveryMs).unref();
    session = await openSession(request.file, { threads: request.threads, spin: false });
    return { outputs: [] };
  }
  const feed = feedTensor({ dtype: 'float32', shape: [...request.shape], data: request.data });
  const results = await (session as Session).run({ [request.input]: feed }, [...request.outputs]);
  const outputs: [string, ModelOutput][] = [];
  for (const name of request.outputs) {
    const { type, dims, data } = results[name] as (typeof results)[string];
    const values = type === 'float32' ? (data as Float32Array) : floats(type, data);
    if (values === undefined) return { error: `gives "${name}" as ${type}, and numbers are wanted` };
    if (!values.every(Number.isFinite)) return { error: `gives values in "${name}" that are no numbers` };
    outputs.push([name, { shape: [...dims], data: values }]);
  }
  return { outputs };
}

/** Whole numbers as float32: some detectors number their classes. */
function floats(type: string, data: unknown): Float32Array | undefined {
  if (type === 'int64') return Float32Array.from(data as BigInt64Array, Number);
  return type === 'int32' || type === 'uint8' || type === 'float64' ? Float32Array.from(data as Int32Array) : undefined;
}
