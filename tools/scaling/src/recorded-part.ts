import { readFileSync } from 'node:fs';
import type { ServedPart, WorkResult } from '@primatrix/services';
import type { TensorStore } from '@primatrix/tensor-store';
import type { Piece } from './measurements.ts';

/** A store that counts the bytes of what goes in and out. */
export interface CountingStore extends TensorStore {
  readonly counted: { readBytes: number; writtenBytes: number };
}

export function countingStore(store: TensorStore): CountingStore {
  const counted = { readBytes: 0, writtenBytes: 0 };
  return {
    counted,
    async put(tensor, options) {
      const ref = await store.put(tensor, options);
      counted.writtenBytes += ref.bytes;
      return ref;
    },
    putAll: (tensors, options) => store.putAll(tensors, options),
    async get(ref, options) {
      counted.readBytes += ref.bytes;
      return store.get(ref, options);
    },
    has: (ref) => store.has(ref),
    prune: (options) => store.prune(options),
  };
}

/** What one piece of work came to. */
export interface RecordedWork {
  readonly result: WorkResult;
  readonly piece: Piece;
}

/** A part that also tells what each piece of work cost. Its work is not to overlap with other work of the process. */
export function recordedPart(
  served: ServedPart,
  store: CountingStore,
  onWork: (work: RecordedWork) => void,
): ServedPart {
  return {
    ...served,
    async work(request, signal) {
      const before = { cpu: cpuSeconds(), at: performance.now(), ...store.counted };
      const result = await served.work(request, signal);
      const seconds = (performance.now() - before.at) / 1000;
      const { readBytes, writtenBytes } = store.counted;
      onWork({
        result,
        piece: {
          seconds: rounded(seconds),
          cpuSeconds: rounded(cpuSeconds() - before.cpu),
          readBytes: readBytes - before.readBytes,
          writtenBytes: writtenBytes - before.writtenBytes,
        },
      });
      return result;
    },
  };
}

/** To a tenth of a millisecond: more would only be noise. */
export function rounded(seconds: number): number {
  return Math.round(seconds * 1e4) / 1e4;
}

/** Processor seconds of this process and of the children that ended. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  const fields = statOf(process.pid);
  return (user + system) / 1e6 + ((fields[13] ?? 0) + (fields[14] ?? 0)) / ticksPerSecond;
}

/** Processor seconds of another process and of its children that ended. */
export function cpuSecondsOf(pid: number): number {
  const fields = statOf(pid);
  return [11, 12, 13, 14].reduce((sum, place) => sum + (fields[place] ?? 0), 0) / ticksPerSecond;
}

const ticksPerSecond = 100;

/** Figures of /proc/<pid>/stat after the name: 11 and 12 are a process's own ticks, 13 and 14 its children's. */
function statOf(pid: number): number[] {
  return (readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1] ?? '').split(' ').map(Number);
}
