import { open, rm, stat } from 'node:fs/promises';
import type { ReadableStream } from 'node:stream/web';

/** How a download is limited, followed and stopped. */
export interface DownloadOptions {
  /** A larger file is refused: a wrong address must not fill the disk. In bytes. */
  readonly most: number;
  readonly signal?: AbortSignal | undefined;
  /** Called while bytes arrive, those of an earlier part included; `total` is null where the server does not say. */
  readonly onProgress?: ((received: number, total: number | null) => void) | undefined;
}

/**
 * Downloads a file over HTTP, or goes on after the part of it that an earlier download left at `path`. Whether it is the right file is for
 * the caller to find out: of a server's file that has changed meanwhile, the part stays.
 * @throws Error whose message says in words what failed; what has arrived stays at `path`
 */
export async function download(url: string, path: string, options: DownloadOptions): Promise<void> {
  const { signal } = options;
  try {
    await fetchTo(url, path, options);
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(reasonOf(error), { cause: error });
  }
}

async function fetchTo(url: string, path: string, options: DownloadOptions): Promise<void> {
  const { signal, most, onProgress } = options;
  const before = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  const response = await fetch(url, {
    signal: signal ?? null,
    // Lengths are those of the file, not of what a server packs it into.
    headers: { 'accept-encoding': 'identity', ...(before > 0 ? { range: `bytes=${before}-` } : {}) },
  });
  if (response.status === 416 && before > 0) {
    await response.body?.cancel();
    // There is nothing after what we have: all of it is there, or something else is.
    if (response.headers.get('content-range') === `bytes */${before}`) return;
    await rm(path);
    await fetchTo(url, path, options);
    return;
  }
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw new Error(`the server answered ${response.status} ${response.statusText}`.trim());
  }
  const goesOn =
    response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${before}-`) === true;
  const length = response.headers.get('content-length');
  let received = goesOn ? before : 0;
  const total = length === null ? null : received + Number(length);
  if (total !== null && total > most) {
    await response.body.cancel();
    throw new Error(`the file is larger than ${most} bytes`);
  }
  // Not a stream of files, which drops what it has not written yet when the connection breaks.
  const file = await open(path, goesOn ? 'a' : 'w');
  try {
    for await (const piece of response.body as ReadableStream<Uint8Array>) {
      received += piece.length;
      if (received > most) throw new Error(`the file is larger than ${most} bytes`);
      await file.writeFile(piece);
      onProgress?.(received, total);
    }
  } finally {
    await file.close();
  }
  if (total !== null && received < total) throw new Error(`the connection ended after ${received} of ${total} bytes`);
}

/** `fetch failed` says nothing: what failed stands in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
