import { UsageError } from '@primatrix/contracts';

/** The output folder holds something that is not this sample. Code `SAMPLE_FOLDER_IN_USE`. */
export class SampleFolderError extends UsageError {
  constructor(folder: string, found: string) {
    super(
      'SAMPLE_FOLDER_IN_USE',
      `sample-dataset: '${folder}' must be absent, empty or this very sample, found ${found}`,
      {
        fields: { folder, found },
        hint: 'Name another folder, or delete this one first. Nothing in it was changed.',
      },
    );
  }
}
