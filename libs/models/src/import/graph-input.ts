import type { ModelFacts, ModelValue } from '@primatrix/onnx';
import type { PictureInput } from '../folder/model-card.ts';
import type { ModelError } from '../model-error.ts';

/** Mean and deviation of ImageNet's pictures, of values 0..1 in the order R, G, B (torchvision). */
export const imageNetValues: PictureInput['values'] = {
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
};

/** The graph's one input. */
export function onlyInput({ inputs }: ModelFacts, refuse: (rule: string) => ModelError): ModelValue {
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) {
    throw refuse(`the graph must have one input, got ${inputs.map(({ name }) => name).join(', ') || 'none'}`);
  }
  return input;
}

/** Pictures that the graph takes at once. */
export function batchOf({ shape: [pictures] }: ModelValue): PictureInput['batch'] {
  return typeof pictures === 'number' && pictures >= 1 ? pictures : 'free';
}
