import { join } from 'node:path';
import { download, scratchFolder, type DownloadOptions } from '@primatrix/files';
import { WeightsError } from './errors.ts';

/** Far above any backbone. */
const most = 2 ** 30;

/**
 * Downloads a file into a temporary folder, hands its path to `use`, and removes it whatever happens.
 * @throws WeightsError `WEIGHTS_DOWNLOAD` where the network or the server gives no whole file
 */
export async function downloadFor<T>(
  url: string,
  fileName: string,
  { signal, onProgress }: Pick<DownloadOptions, 'signal' | 'onProgress'>,
  use: (path: string) => Promise<T>,
): Promise<T> {
  await using folder = await scratchFolder('primatrix-weights');
  const path = join(folder.path, fileName);
  await download(url, path, { most, signal, onProgress }).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw new WeightsError('WEIGHTS_DOWNLOAD', `backbones: cannot download ${url}: ${(cause as Error).message}`, {
      cause,
      fields: { url },
      hint: 'download the file where there is a network, then: primatrix weights import <backbone> <file.h5>',
    });
  });
  return await use(path);
}
