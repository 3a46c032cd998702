import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FileRef } from '@primatrix/contracts';
import {
  isRunning,
  makeFolder,
  removeStaleTemporaries,
  sha256File,
  takeLock,
  temporaryName,
  temporaryOwner,
  userCacheFolder,
} from '@primatrix/files';
import { S3Refusal } from '@primatrix/tensor-store';
import { ClipError } from '@primatrix/video';
import { s3Place } from './s3-clips.ts';
import { ServiceError } from '../service-error.ts';

/** Where clips of an object store are kept, and how much room they may take. */
export interface ClipCacheOptions {
  /** Shared by all processes of a machine; default PRIMATRIX_CLIP_CACHE, else `clips` in the user's cache. */
  readonly folder?: string;
  /** What clips that nobody uses may take, bytes; default 10 GiB. */
  readonly limitBytes?: number;
}

/** How long a server may be silent within a clip, and how often it is looked whether another process has fetched one, milliseconds. */
const silentMs = 60_000;
const pollMs = 50;
/** Clips that one process fetches at once. */
const atOnce = 4;

/**
 * Clips of an object store as files of this machine: each is fetched once, by whichever process needs it first, lies under its
 * sha256, and is verified each time it is used. The least recently used go when there is no more room, never those in use.
 */
export class ClipCache {
  readonly folder: string;
  private readonly limitBytes: number;
  private readonly fetches = new Set<Promise<unknown>>();

  constructor({ folder, limitBytes = 10 * 2 ** 30 }: ClipCacheOptions = {}) {
    this.folder = folder ?? process.env['PRIMATRIX_CLIP_CACHE'] ?? join(userCacheFolder(), 'clips');
    this.limitBytes = limitBytes;
  }

  /**
   * Fetches a clip to say what it is. @param uri `s3://<bucket>/<key>`
   * @throws ClipError where it is not there; ServiceError CLIP_ACCESS where the server lets nobody in
   */
  async refer(uri: string): Promise<FileRef> {
    const { temporary, sha256, bytes } = await this.download(uri);
    await rename(temporary, this.fileOf({ uri, sha256 }));
    await this.makeRoom();
    return { uri, sha256, bytes };
  }

  /**
   * Does work on a clip's file, which stays until the work is done.
   * @throws what the work throws; ClipError where the object is gone or another by now; ServiceError CLIP_ACCESS
   */
  async use<T>(ref: FileRef, work: (path: string) => Promise<T>): Promise<T> {
    const path = this.fileOf(ref);
    await makeFolder(this.folder);
    // First this, then the look whether it is there: see makeRoom.
    const mark = temporaryName(join(this.folder, `${ref.sha256}.used`));
    await (await open(mark, 'w')).close();
    try {
      while (!(await this.isWhole(path, ref))) await this.fetch(path, ref);
      return await work(path);
    } catch (error) {
      // Nobody but us knows the cache's names.
      if (error instanceof ClipError) {
        throw new ClipError(error.fault, ref.uri, error.message.replaceAll(path, ref.uri), {
          cause: error,
          ...(error.hint === undefined ? {} : { hint: error.hint }),
        });
      }
      throw error;
    } finally {
      await rm(mark, { force: true });
    }
  }

  private fileOf({ uri, sha256 }: Pick<FileRef, 'uri' | 'sha256'>): string {
    const ending = extname(uri).toLowerCase();
    return join(this.folder, `${sha256}${/^\.[a-z0-9]{1,5}$/.test(ending) ? ending : ''}`);
  }

  private async isWhole(path: string, { sha256, bytes }: FileRef): Promise<boolean> {
    if (
      (await stat(path).catch(() => undefined))?.size !== bytes ||
      (await sha256File(path).catch(() => '')) !== sha256
    ) {
      return false;
    }
    const now = performance.timeOrigin + performance.now();
    await utimes(path, now / 1000, now / 1000).catch(() => {});
    return true;
  }

  /** Fetches a clip, or waits while another process does. */
  private async fetch(path: string, ref: FileRef): Promise<void> {
    const lock = await takeLock(`${path}.lock`, 'clip cache');
    if (!lock.held) return void (await sleep(pollMs));
    try {
      // Another may have been done with it between the look and the lock.
      if (await this.isWhole(path, ref)) return;
      const { temporary, sha256, bytes } = await this.download(ref.uri);
      if (sha256 !== ref.sha256 || bytes !== ref.bytes) {
        await rm(temporary, { force: true });
        throw new ClipError('unreadable', ref.uri, `${ref.uri}: the object was changed after it was submitted`);
      }
      await rename(temporary, path);
      await this.makeRoom();
    } finally {
      await lock[Symbol.asyncDispose]();
    }
  }

  private async download(uri: string): Promise<{ temporary: string; sha256: string; bytes: number }> {
    while (this.fetches.size >= atOnce) await Promise.race(this.fetches);
    const fetch = this.downloadNow(uri);
    const settled = fetch
      .then(
        () => {},
        () => {},
      )
      .finally(() => this.fetches.delete(settled));
    this.fetches.add(settled);
    return fetch;
  }

  private async downloadNow(uri: string): Promise<{ temporary: string; sha256: string; bytes: number }> {
    const { bucket, key } = s3Place(uri);
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(), silentMs);
    await makeFolder(this.folder);
    const temporary = temporaryName(join(this.folder, 'clip'));
    try {
      const answer = await bucket.request(key, { method: 'GET', signal: silence.signal }).catch((cause: unknown) => {
        throw new ServiceError('CLIP_ACCESS', `services: ${uri}: no answer from ${bucket.endpoint}`, { cause });
      });
      if (!answer.ok || answer.body === null) throw refusedClip(uri, new S3Refusal(answer.status, await answer.text()));
      const hash = createHash('sha256');
      let bytes = 0;
      const note = async function* (pieces: AsyncIterable<Uint8Array>) {
        for await (const piece of pieces) {
          timer.refresh();
          hash.update(piece);
          bytes += piece.byteLength;
          yield piece;
        }
      };
      await pipeline(Readable.fromWeb(answer.body as ReadableStream), note, createWriteStream(temporary));
      return { temporary, sha256: hash.digest('hex'), bytes };
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Removes the least recently used clips until the others have room. One is put out of the way first and brought back if somebody
   * has marked it by then; who marks it after that finds it gone and fetches it.
   */
  private async makeRoom(): Promise<void> {
    await removeStaleTemporaries(this.folder, { recursive: false });
    const names = await readdir(this.folder);
    const clips = await Promise.all(
      names
        .filter((name) => /^[0-9a-f]{64}(?:\.[a-z0-9]{1,5})?$/.test(name) && !name.endsWith('.lock'))
        .map(async (name) => {
          const info = await stat(join(this.folder, name)).catch(() => undefined);
          return info === undefined ? [] : [{ name, bytes: info.size, usedAt: info.mtimeMs }];
        }),
    );
    const byAge = clips.flat().sort((a, b) => a.usedAt - b.usedAt);
    let bytes = byAge.reduce((sum, clip) => sum + clip.bytes, 0);
    for (const clip of byAge) {
      if (bytes <= this.limitBytes) return;
      const [from, away] = [join(this.folder, clip.name), temporaryName(join(this.folder, clip.name))];
      if (
        (await this.isUsed(clip.name)) ||
        !(await rename(from, away).then(
          () => true,
          () => false,
        ))
      ) {
        continue;
      }
      if (await this.isUsed(clip.name)) await rename(away, from);
      else {
        await rm(away, { force: true });
        bytes -= clip.bytes;
      }
    }
  }

  /**
   * Marks of processes that have ended do not count, and are removed. Whether those of other machines, or of other
   * containers that share the folder, go on nobody here can know: theirs count until they are a day old.
   */
  private async isUsed(name: string): Promise<boolean> {
    const marks = (await readdir(this.folder)).filter((other) => other.startsWith(`.${name.slice(0, 64)}.used.`));
    let used = false;
    for (const mark of marks) {
      const owner = temporaryOwner(mark);
      if (owner !== undefined && (!owner.here || isRunning(owner.pid))) used = true;
      else await rm(join(this.folder, mark), { force: true });
    }
    return used;
  }
}

/** What the server refuses: a clip that is not there is the clip's fault, everything else is not. */
function refusedClip(uri: string, refusal: S3Refusal): Error {
  if (refusal.status === 404 && refusal.code !== 'NoSuchBucket') {
    return new ClipError('unreadable', uri, `${uri}: there is no such object`, { cause: refusal });
  }
  return new ServiceError('CLIP_ACCESS', `services: ${uri}: ${refusal.message}`, {
    cause: refusal,
    hint: 'check the bucket, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_ENDPOINT_URL',
  });
}
