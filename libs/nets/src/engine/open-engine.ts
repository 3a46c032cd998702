import type { NetSpec } from '../layer-spec.ts';
import { openOnnxEngine } from './onnx-engine.ts';
import { openTfjsEngine } from './tfjs-engine.ts';
import type { EngineName, EngineOptions, TrainEngine } from './train-engine.ts';

/**
 * Compiles a net for training.
 * @throws EngineError, SpecError, SessionError
 */
export function openEngine(name: EngineName, spec: NetSpec, options: EngineOptions): Promise<TrainEngine> {
  return name === 'onnx' ? openOnnxEngine(spec, options) : openTfjsEngine(spec, options.batch);
}
