import { createRequire } from 'node:module';
import type * as tf from '@tensorflow/tfjs';
import { EngineError } from './engine-error.ts';

/** tfjs, whichever of its packages it comes from. */
export type Tfjs = typeof tf;

/** By speed. None of them is needed: who wants one installs it. */
const packages = [
  { name: '@tensorflow/tfjs-node-gpu', backend: 'tensorflow' },
  { name: '@tensorflow/tfjs-node', backend: 'tensorflow' },
  { name: '@tensorflow/tfjs', backend: 'cpu' },
] as const;

const { resolve } = createRequire(import.meta.url);

/**
 * Names of the installed packages that tfjs can be had from, best first; loads nothing.
 * @param find throws for packages that are not there
 * @throws EngineError `ENGINE_MISSING` where there is none
 */
export function tfjsPackages(find: (name: string) => unknown = resolve): string[] {
  const found = packages
    .map(({ name }) => name)
    .filter((name) => {
      try {
        find(name);
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
  for (const name of tfjsPackages()) {
    try {
      const tfjs = (await import(name)) as Tfjs & { readonly default?: Tfjs };
      // The native ones are CommonJS, of which import sees the default only.
      const loaded = tfjs.default?.tensor === undefined ? tfjs : tfjs.default;
      // Else the CPU backend advertises the native ones on the console.
      loaded.enableProdMode();
      if (!(await loaded.setBackend(packages.find((one) => one.name === name)?.backend ?? 'cpu'))) {
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
