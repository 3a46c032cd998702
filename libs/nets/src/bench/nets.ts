import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { PrimatrixError } from '@primatrix/contracts';
import type { NetSpec } from '../layer-spec.ts';
import { optimizerSchema, type OptimizerSettings } from '../train-settings.ts';
import type { NetBench, NetBenchCase } from './measure-net.ts';

/** A net at the size at which it is trained. */
export interface NetToBench {
  /** What the result is called. */
  readonly name: string;
  readonly spec: NetSpec;
  readonly batch: number;
  /** Default: the whole batch. */
  readonly microBatch?: number;
  /** Default: Adam. */
  readonly optimizer?: OptimizerSettings;
}

/** How long nets are measured, and on how many threads. */
export interface NetsBenchOptions {
  /** Default: all cores. */
  readonly threads?: number;
  /** Time for each net's rounds, of which there are 3 to 15 even so. Default 30. */
  readonly seconds?: number;
}

/** A measurement's process ended without a result. */
export class NetBenchError extends PrimatrixError {}

/**
 * Times a training step of each net against the forward pass of the same net in ONNX Runtime, in turn, each net in a
 * fresh process, one after the other.
 * @throws NetBenchError `BENCH_NET`
 */
export async function* benchNets(
  nets: readonly NetToBench[],
  options: NetsBenchOptions = {},
): AsyncGenerator<NetBench> {
  for (const { name, spec, optimizer, batch, microBatch } of nets) {
    yield await inProcess(name, {
      spec: { ...spec, name },
      batch,
      ...(microBatch === undefined ? {} : { microBatch }),
      optimizer: optimizerSchema.parse(optimizer ?? { kind: 'adam' }),
      threads: options.threads ?? availableParallelism(),
      seconds: options.seconds ?? 30,
    });
  }
}

/** The built process: Node 20 cannot load .ts sources. */
const processUrl = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/bench/net-bench-process.js' : './net-bench-process.js',
  import.meta.url,
);

function inProcess(name: string, of: NetBenchCase): Promise<NetBench> {
  return new Promise((resolve, reject) => {
    const child = fork(processUrl, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const fail = (what: string): void =>
      reject(new NetBenchError('BENCH_NET', `nets: measuring ${name} ${what}`, { fields: { net: name } }));
    child.on('error', (error) => fail(`could not begin: ${error.message}`));
    child.on('exit', (code, signal) =>
      fail(
        signal === null ? `ended with ${code}` : `was ended by ${signal}, which is what happens where memory runs out`,
      ),
    );
    child.on('message', (message: { readonly result?: NetBench; readonly error?: string }) => {
      if (message.result === undefined) fail(`failed: ${message.error}`);
      else resolve(message.result);
    });
    child.send(of);
  });
}
