import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { deviceBound, largestDifference } from './same-results.ts';
import { availableDevices, type Device } from './session.ts';

/** Whether a device computes, and what to do where it does not. */
export interface DeviceTrial {
  readonly device: Device;
  readonly works: boolean;
  /** One sentence: what it did, or why it does not. */
  readonly says: string;
  /** What to do about it; empty where it works. */
  readonly advice: string;
}

/** What `trial-process.ts` sends. */
type Answer = { readonly outputs: readonly (readonly number[])[] } | { readonly error: string };

/** The built process: Node 20 cannot load .ts sources. */
const processUrl = new URL(
  import.meta.url.endsWith('.ts') ? '../dist/trial-process.js' : './trial-process.js',
  import.meta.url,
);

/**
 * Runs a small model over three fixed batches on a device, in a process of its own, and compares with what the CPU makes of them.
 * @param timeoutMs how long each may take; a first run may compile
 */
export async function tryDevice(device: Device, timeoutMs = 60_000): Promise<DeviceTrial> {
  if (!availableDevices().includes(device)) {
    return { device, works: false, says: 'this build of ONNX Runtime does not have it', advice: adviceFor(device) };
  }
  const expected = await outputsOf('cpu', timeoutMs);
  const got = device === 'cpu' ? expected : await outputsOf(device, timeoutMs);
  if ('error' in got) {
    return { device, works: false, says: reasonOf(device, got.error), advice: adviceFor(device) };
  }
  const floats = ({ outputs }: { readonly outputs: readonly (readonly number[])[] }) =>
    outputs.map((one) => Float32Array.from(one));
  const off = 'error' in expected ? 0 : largestDifference(floats(got), floats(expected));
  if (!(off <= deviceBound)) {
    return {
      device,
      works: false,
      says: `computes other numbers than the CPU: ${off.toPrecision(2)} of the largest off`,
      advice: 'update its driver; until then results of this device cannot be trusted',
    };
  }
  return { device, works: true, says: 'works', advice: '' };
}

/** {@link tryDevice} of all devices that this build has, one after the other. */
export async function tryDevices(timeoutMs?: number): Promise<DeviceTrial[]> {
  const trials: DeviceTrial[] = [];
  for (const device of availableDevices()) trials.push(await tryDevice(device, timeoutMs));
  return trials;
}

function outputsOf(device: Device, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    const child = fork(processUrl, { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'], timeout: timeoutMs });
    let answer: Answer | undefined;
    child.on('message', (message) => (answer = message as Answer));
    child.on('error', (error) => resolve({ error: error.message }));
    child.on('close', (code, signal) =>
      resolve(
        answer ?? {
          error:
            signal === 'SIGTERM'
              ? `gave no answer within ${timeoutMs / 1000} s`
              : `ended the process that tried it (${signal ?? `exit status ${code}`})`,
        },
      ),
    );
    child.send(device);
  });
}

const cudaLibraries = /\blib(?:cublas|cublasLt|cudnn|cufft|curand|cudart|nvrtc)[\w.-]*\.so[\w.]*/i;
const noDevice = /no (?:cuda-capable )?device|adapter|driver version is insufficient|CUDA failure (?:35|100)/i;

/** What the runtime says, in words of people: its own are lines of source code. */
function reasonOf(device: Device, error: string): string {
  if (device === 'cuda' && !hasCudaPart()) return "ONNX Runtime's part for CUDA is not installed";
  const library = cudaLibraries.exec(error)?.[0];
  if (library !== undefined) return `the library ${library} is not there`;
  if (noDevice.test(error)) return 'there is no such device here, or no driver for it';
  if (/Failed to load shared library/.test(error)) return 'libraries of CUDA 12 or cuDNN 9 are not there';
  const plain = error
    .replaceAll(/(?:\/[\w.+-]+)+\/?(?::\d+)?/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return plain.length > 120 ? `${plain.slice(0, 120)}…` : plain;
}

function adviceFor(device: Device): string {
  if (device === 'cuda') {
    if (process.platform !== 'linux' || process.arch !== 'x64') return 'CUDA is for Linux on x64: use another device';
    return hasCudaPart()
      ? 'it wants the NVIDIA driver, CUDA 12 and cuDNN 9 (docs/gpu.md)'
      : 'with an NVIDIA card: ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js (docs/gpu.md)';
  }
  if (device === 'webgpu') {
    return 'it wants a graphics card with a driver for Vulkan, Metal or Direct3D 12 (docs/gpu.md)';
  }
  if (device === 'coreml') return 'it is for macOS: use cpu';
  return device === 'dml' ? 'it is for Windows with Direct3D 12: use cpu' : 'install the packages again: npm ci';
}

/** The npm package of ONNX Runtime is without it: it has 300 MB, and its install script fetches it. */
function hasCudaPart(): boolean {
  const runtime = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  return existsSync(join(runtime, 'bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so'));
}
