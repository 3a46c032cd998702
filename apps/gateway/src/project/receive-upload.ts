import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { clipName, isInside } from '@primatrix/dataset';
import { makeFolder, sha256File, temporaryName } from '@primatrix/files';
import { ClipError, inspectClip } from '@primatrix/video';
import type { TraceContext } from '@primatrix/telemetry';
import { HttpProblem } from '../http/http-problem.ts';
import type { ReviewProject } from './review-project.ts';

export interface Upload {
  /** What the sender calls it: a name, or a path whose folder is the site. */
  readonly name: string;
  /** A stream; undefined where there is none, something else where it was taken for JSON, text or a form. */
  readonly body: unknown;
  /** Bytes as the sender states them. */
  readonly stated: number | undefined;
  readonly maxBytes: number;
  /** Of the request. */
  readonly trace?: TraceContext | undefined;
}

/**
 * Takes a clip in pieces to the disk, looks whether it is one, and adds it to the project.
 * @returns its id, and whether it is new; the same bytes under the same name change nothing
 * @throws HttpProblem 409 another file has the name, 413 too large, 415 no clip by its content, 422 a bad name or an empty file
 */
export async function receiveUpload(
  project: ReviewProject,
  { name, body, stated, maxBytes, trace }: Upload,
): Promise<{ filename: string; added: boolean }> {
  const filename = uploadName(name);
  if (body === undefined) throw empty();
  if (!(body instanceof Readable)) {
    throw new HttpProblem(
      415,
      'MEDIA_TYPE',
      'an upload must be sent as application/octet-stream or as the type of the clip',
    );
  }
  if (stated !== undefined && stated > maxBytes) throw tooLarge(maxBytes);
  const folder = join(project.folder, 'uploads');
  const path = join(folder, filename);
  // Hidden and beside the uploads, with the process's number: a stale one is found and removed.
  const temporary = temporaryName(join(folder, 'upload'));
  await makeFolder(folder);
  try {
    await pipeline(body, limit(maxBytes), createWriteStream(temporary, { flush: true }));
    await mustBeClip(temporary);
    return await project.inTurn(() => place(project, { filename, path, temporary, trace }));
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Puts an upload where its name says and adds it, with nobody else doing so meanwhile: of two at once one has the
 * name.
 */
async function place(
  project: ReviewProject,
  {
    filename,
    path,
    temporary,
    trace,
  }: {
    readonly filename: string;
    readonly path: string;
    readonly temporary: string;
    readonly trace: TraceContext | undefined;
  },
): Promise<{ filename: string; added: boolean }> {
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined) {
    if (!there.isFile() || (await sha256File(path)) !== (await sha256File(temporary))) throw taken(filename);
  } else {
    if (!project.nameIsFree(filename, path)) throw taken(filename);
    project.mustHaveRoom(1);
    await makeFolder(dirname(path)).catch((error: unknown) => {
      throw folderFault(error, filename);
    });
    await rename(temporary, path);
  }
  const site = posix.dirname(filename);
  const { added } = await project.add([{ filename, path, site: site === '.' ? 'uploads' : site }], trace);
  return { filename, added: added > 0 };
}

function folderFault(error: unknown, filename: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new HttpProblem(
      409,
      'UPLOAD_NAME_TAKEN',
      `'${posix.dirname(filename)}' is a clip: nothing can lie below it`,
      {
        hint: 'put clips of one camera into a folder of their own, for example site-3/0001.mp4',
      },
    );
  }
  return code === 'ENAMETOOLONG' || code === 'EINVAL' || code === 'EILSEQ' ? badName(filename) : error;
}

/** @throws HttpProblem 422 where the name could lead elsewhere, or is one that file systems do not take */
function uploadName(name: string): string {
  const clean = clipName(name);
  const parts = clean.split('/');
  const bad =
    !isInside(clean) ||
    clean.length > 1000 ||
    // Drive letters, names that were encoded twice, and control characters.
    /^[a-z]:|%(2e|2f|5c|00)|[\x00-\x1f\x7f]/i.test(clean) ||
    parts.some((part) => part === '' || part.startsWith('.') || Buffer.byteLength(part) > 240);
  if (bad) throw badName(name);
  return clean;
}

function badName(name: string): HttpProblem {
  return new HttpProblem(
    422,
    'UPLOAD_NAME',
    `an upload must have a plain name or a path below the uploads, got '${JSON.stringify(name.slice(0, 100)).slice(1, -1)}'`,
    { hint: 'for example 0001.mp4 or site-3/0001.mp4' },
  );
}

async function mustBeClip(path: string): Promise<void> {
  if ((await stat(path)).size === 0) throw empty();
  try {
    const { video, audio } = await inspectClip(path);
    if (video === null && audio === null) {
      throw new HttpProblem(415, 'UPLOAD_NOT_MEDIA', 'the upload holds neither pictures nor sound');
    }
  } catch (error) {
    // A damaged clip is a clip: it gets a row that says so. What is no media at all is refused.
    if (error instanceof ClipError && error.fault === 'not-media') {
      throw new HttpProblem(415, 'UPLOAD_NOT_MEDIA', 'not a readable video, picture or sound file', { cause: error });
    }
    if (error instanceof ClipError && error.fault === 'tool-failed') throw error;
    if (!(error instanceof ClipError)) throw error;
  }
}

function limit(maxBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(tooLarge(maxBytes));
      else done(null, chunk);
    },
  });
}

function empty(): HttpProblem {
  return new HttpProblem(422, 'UPLOAD_EMPTY', 'the upload is empty');
}

function tooLarge(maxBytes: number): HttpProblem {
  return new HttpProblem(413, 'UPLOAD_TOO_LARGE', `an upload may have ${maxBytes} bytes`, {
    hint: 'add its folder instead, where the gateway runs on the same machine',
  });
}

function taken(filename: string): HttpProblem {
  return new HttpProblem(409, 'UPLOAD_NAME_TAKEN', `another clip is called '${filename}'`, {
    hint: 'put clips of one camera into a folder of their own, for example site-3/0001.mp4',
  });
}
