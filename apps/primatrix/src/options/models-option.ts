import { defaultModelsDir } from '@primatrix/models';
import { Option } from 'commander';

/** Where models that are files lie. */
export function modelsOption(): Option {
  return new Option('--models <dir>', 'folder of models (PRIMATRIX_MODELS)').default(
    defaultModelsDir(),
    'in the data folder of the user',
  );
}

/** Which detector leads the encoders among the models. */
export function lookWithOption(): Option {
  return new Option(
    '--look-with <name>',
    'encoders of --model look where this detector sees something: at the best frames, and at what is in their boxes',
  );
}
