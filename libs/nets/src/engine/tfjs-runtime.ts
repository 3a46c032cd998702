import { createRequire } from 'node:module';
import type * as tf from '@tensorflow/tfjs-core';
import { EngineError } from './engine-error.ts';

/** tfjs, whichever of its packages it comes from. */
export type Tfjs = typeof tf;

/**
 * By speed. None of them is needed: who wants one installs it. The last is a part of @tensorflow/tfjs, of which no more
 * is loaded than its other parts here: the backend, and the layers, which bring the gradients of operators.
 */
const packages = [
  { name: '@tensorflow/tfjs-node-gpu', backend: 'tensorflow', parts: [] },
  { name: '@tensorflow/tfjs-node', backend: 'tensorflow', parts: [] },
  {
    name: '@tensorflow/tfjs-core',
    backend: 'cpu',
    parts: ['@tensorflow/tfjs-backend-cpu', '@tensorflow/tfjs-layers'],
  },
] as const;

const { resolve } = createRequire(import.meta.url);

/**
 * The installed packages that tfjs can be had from, best first; loads nothing.
 * @param find throws for packages that are not there
 * @throws EngineError `ENGINE_MISSING` where there is none
 */
export function tfjsPackages(find: (name: string) => unknown = resolve): (typeof packages)[number][] {
  const found = packages.filter(({ name, parts }) => {
    try {
      for (const needed of [name, ...parts]) find(needed);
      return true;
    } catch {
      return false;
    }
  });
  if (found.length === 0) throw missing('is not installed');
  return found;
}

/**
 * Loads tfjs from the best package that loads.
 * @throws EngineError `ENGINE_MISSING`
 */
export async function loadTfjs(): Promise<Tfjs> {
  const failures: Error[] = [];
  for (const { name, backend, parts } of tfjsPackages()) {
    try {
      const tfjs = (await import(name)) as Tfjs & { readonly default?: Tfjs };
      // The native ones are CommonJS, of which import sees the default only.
      const loaded = tfjs.default?.tensor === undefined ? tfjs : tfjs.default;
      // Else it advertises the native ones on the console.
      loaded.enableProdMode();
      for (const part of parts) await import(part);
      if (!(await loaded.setBackend(backend))) {
        throw new Error(`${name}: its backend does not start`);
      }
      return loaded;
    } catch (error) {
      failures.push(error as Error);
    }
  }
  throw missing(`does not load: ${failures.map((error) => error.message).join('; ')}`, failures[0]);
}

function missing(what: string, cause?: Error): EngineError {
  return new EngineError('ENGINE_MISSING', `nets: engine 'tfjs' ${what}`, {
    hint: 'npm install @tensorflow/tfjs-node (or @tensorflow/tfjs-node-gpu; the slow but portable @tensorflow/tfjs), or use --engine onnx',
    ...(cause === undefined ? {} : { cause }),
  });
}
