import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { WeightsError } from './errors.ts';

interface DownloadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (received: number, total: number | null) => void;
}

/** Far above any backbone: a wrong URL must not fill the disk. */
const maxBytes = 2 ** 30;

/**
 * Downloads a file into a temporary folder, hands its path to `use`, and removes it whatever happens.
 * @throws WeightsError `WEIGHTS_DOWNLOAD` where the network or the server gives no whole file
 */
export async function download<T>(
  url: string,
  fileName: string,
  options: DownloadOptions,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'primatrix-weights-'));
  try {
    const path = join(folder, fileName);
    await fetchTo(url, path, options).catch((cause: unknown) => {
      if (cause instanceof WeightsError || options.signal?.aborted === true) throw cause;
      throw failed(url, reasonOf(cause), cause);
    });
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fetchTo(url: string, path: string, { signal, onProgress }: DownloadOptions): Promise<void> {
  const response = await fetch(url, { signal: signal ?? null });
  if (!response.ok || response.body === null) {
    throw failed(url, `the server answered ${response.status} ${response.statusText}`.trim());
  }
  const length = response.headers.get('content-length');
  const total = length === null ? null : Number(length);
  let received = 0;
  await pipeline(
    Readable.fromWeb(response.body as ReadableStream<Uint8Array>),
    async function* (pieces: AsyncIterable<Uint8Array>) {
      for await (const piece of pieces) {
        received += piece.length;
        if (received > maxBytes) throw failed(url, `the file is larger than ${maxBytes} bytes`);
        onProgress?.(received, total);
        yield piece;
      }
    },
    createWriteStream(path),
  );
}

function failed(url: string, reason: string, cause?: unknown): WeightsError {
  return new WeightsError('WEIGHTS_DOWNLOAD', `backbones: cannot download ${url}: ${reason}`, {
    cause,
    fields: { url },
    hint: 'download the file where there is a network, then: primatrix weights import <backbone> <file.h5>',
  });
}

/** `fetch failed` says nothing: what failed stands in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
