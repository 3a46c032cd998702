import type { NetSpec } from '../layer-spec.ts';
import { resolveNet } from '../net.ts';
import { openOnnxEngine } from './onnx-engine.ts';
import { openTfjsEngine, requireTfjsLayers } from './tfjs-engine.ts';
import { tfjsPackages } from './tfjs-runtime.ts';
import type { EngineName, EngineOptions, TrainEngine } from './train-engine.ts';

/**
 * Checks that an engine is installed and knows a net's layers, without loading anything.
 * @throws EngineError, SpecError
 */
export function requireEngine(name: EngineName, spec: NetSpec): void {
  const net = resolveNet(spec);
  if (name === 'onnx') return;
  tfjsPackages();
  requireTfjsLayers(net);
}

/**
 * Compiles a net for training.
 * @throws EngineError, SpecError, SessionError
 */
export function openEngine(name: EngineName, spec: NetSpec, options: EngineOptions): Promise<TrainEngine> {
  return name === 'onnx' ? openOnnxEngine(spec, options) : openTfjsEngine(spec, options.batch);
}
