import type { InputList } from '@primatrix/prediction';
import { listS3Inputs } from '@primatrix/services';

/** The clips at each place of an object store; loaded only where one is named, as what speaks to stores and brokers takes long to load. */
export function listStoredClips(places: readonly string[]): Promise<Pick<InputList, 'files' | 'skipped'>[]> {
  return Promise.all(places.map(listS3Inputs));
}
