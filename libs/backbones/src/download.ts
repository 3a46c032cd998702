import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { download, type DownloadOptions } from '@primatrix/files';
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
  const folder = await mkdtemp(join(tmpdir(), 'primatrix-weights-'));
  try {
    const path = join(folder, fileName);
    await download(url, path, { most, signal, onProgress }).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw new WeightsError('WEIGHTS_DOWNLOAD', `backbones: cannot download ${url}: ${(cause as Error).message}`, {
        cause,
        fields: { url },
        hint: 'download the file where there is a network, then: primatrix weights import <backbone> <file.h5>',
      });
    });
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
