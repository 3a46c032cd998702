import { PrimatrixError } from '@primatrix/contracts';
import * as ort from 'onnxruntime-node';

/** Execution providers by the names that `--device` takes. Which of them exist depends on platform and build. */
export const devices = ['cpu', 'cuda', 'webgpu', 'coreml', 'dml'] as const;
/** One of {@link devices}. */
export type Device = (typeof devices)[number];

/** What a graph runs on, and how it treats memory and very small numbers. */
export interface SessionOptions {
  /** Threads of one operator; 0 lets the runtime take all cores. Default 0. */
  readonly threads?: number;
  /** Default `cpu`. */
  readonly device?: Device;
  /** Keep freed memory for the next run (default), or give it back: slower, smaller. */
  readonly memoryArena?: boolean;
  /**
   * Take numbers below 1.2e-38 for zero, on the session's threads and, from then on, on the thread that opens it.
   * Gradients that fade over hundreds of steps get that small, and each costs a hundred times a normal number.
   * Default false.
   */
  readonly flushDenormals?: boolean;
  /**
   * Threads that wait for work turn in circles, which is quick where nobody else computes (default); `false` lets them
   * sleep: beside a decoder on as many cores as threads, one run took a fifth of the time.
   */
  readonly spin?: boolean;
}

/** Version of the native ONNX Runtime that computes. */
export const runtimeVersion: string = ort.env.versions.node ?? ort.env.versions.common;

/** ONNX Runtime cannot load a model, or lacks the asked device. */
export class SessionError extends PrimatrixError {}

/** The devices that this installation of ONNX Runtime can use. */
export function availableDevices(): Device[] {
  const names = ort.listSupportedBackends().map((backend) => backend.name);
  return devices.filter((device) => names.includes(device));
}

/** Of sessions that were opened for a device and run on the CPU. */
const onCpuInstead = new WeakSet<ort.InferenceSession>();

/** Whether a session that was opened for a device runs on the CPU, as that device could not take the model; see {@link openSession}. */
export function runsOnCpuInstead(session: ort.InferenceSession): boolean {
  return onCpuInstead.has(session);
}

/**
 * Opens a model for running. The runtime gives single operators that a device lacks to the CPU; of some it only finds that out when it
 * builds them, and then the whole model runs there: WebGPU has no hard sigmoid in its GRU. Whether a device works at all is asked
 * before, by `tryDevice`.
 * @param model ONNX bytes, or the path of a file
 * @throws SessionError `ONNX_DEVICE` where the device is not available, `ONNX_MODEL` where the model does not load
 */
export async function openSession(
  model: Uint8Array | string,
  options: SessionOptions = {},
): Promise<ort.InferenceSession> {
  const device = options.device ?? 'cpu';
  const available = availableDevices();
  if (!available.includes(device)) {
    throw new SessionError(
      'ONNX_DEVICE',
      `onnx: device '${device}' is not available here; available: ${available.join(', ')}`,
      {
        hint: `choose one with --device, for example --device ${available[0] ?? 'cpu'}`,
      },
    );
  }
  const sessionOptions: ort.InferenceSession.SessionOptions = {
    executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
    intraOpNumThreads: options.threads ?? 0,
    interOpNumThreads: 1,
    enableCpuMemArena: options.memoryArena ?? true,
    // What a device cannot build is no fault: the CPU is tried.
    logSeverityLevel: device === 'cpu' ? 3 : 4,
    extra: {
      session: {
        ...(options.flushDenormals === true ? { set_denormal_as_zero: '1' } : {}),
        ...(options.spin === false ? { intra_op: { allow_spinning: '0' } } : {}),
      },
    },
  };
  try {
    return typeof model === 'string'
      ? await ort.InferenceSession.create(model, sessionOptions)
      : await ort.InferenceSession.create(model, sessionOptions);
  } catch (cause) {
    if (device !== 'cpu') {
      const session = await openSession(model, { ...options, device: 'cpu' });
      onCpuInstead.add(session);
      return session;
    }
    const what = typeof model === 'string' ? `model ${model}` : 'the model';
    throw new SessionError('ONNX_MODEL', `onnx: ${what} does not load: ${(cause as Error).message}`, { cause });
  }
}
