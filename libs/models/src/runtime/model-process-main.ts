import { feedTensor, openSession, type Session } from '@primatrix/onnx';
import { pictureLength, writePicture } from '../picture/picture-tensor.ts';
import { tooMuchMemory, type Answer, type Look, type ModelOutput, type Request } from './model-process.ts';

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
  const open = session as Session;
  const { name, shape, data } =
    request.kind === 'run' ? { name: request.input, ...request } : { name: request.input.name, ...inputOf(request) };
  const wantsBytes = open.inputMetadata.some(
    (input) => input.isTensor && input.name === name && input.type === 'uint8',
  );
  if (wantsBytes && (request.kind === 'run' || request.input.values !== '0..255')) {
    return { error: `wants bytes in "${name}", which only pictures with values 0..255 are` };
  }
  const feed = wantsBytes
    ? feedTensor({ dtype: 'uint8', shape: [...shape], data: Uint8Array.from(data) })
    : feedTensor({ dtype: 'float32', shape: [...shape], data });
  const results = await open.run({ [name]: feed }, [...request.outputs]);
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

/** The last input of pictures: the next one of its size takes its place, as one is asked for at a time. */
let written = new Float32Array(0);

function inputOf({ input, pictures, count }: Look): { readonly shape: readonly number[]; readonly data: Float32Array } {
  const [width, height] = input.size;
  const length = pictureLength(input);
  if (written.length !== count * length) written = new Float32Array(count * length);
  for (const [i, picture] of pictures.entries()) {
    writePicture(picture, input, written.subarray(i * length, (i + 1) * length));
  }
  written.fill(0, pictures.length * length);
  return { shape: input.layout === 'nchw' ? [count, 3, height, width] : [count, height, width, 3], data: written };
}

/** Whole numbers as float32: some detectors number their classes. */
function floats(type: string, data: unknown): Float32Array | undefined {
  if (type === 'int64') return Float32Array.from(data as BigInt64Array, Number);
  return type === 'int32' || type === 'uint8' || type === 'float64' ? Float32Array.from(data as Int32Array) : undefined;
}
