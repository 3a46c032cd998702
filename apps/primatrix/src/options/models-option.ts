import { defaultModelsDir } from '@primatrix/models';
import { Option } from 'commander';

/** Where models that are files lie. */
export function modelsOption(): Option {
  return new Option('--models <dir>', 'folder of models (PRIMATRIX_MODELS)').default(
    defaultModelsDir(),
    'in the data folder of the user',
  );
}
