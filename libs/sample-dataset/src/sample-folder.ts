import { readFile, readdir, rename, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson, makeFolder, sha256File, writeFileAtomic } from '@primatrix/files';
import { SampleFolderError } from './errors.ts';

/** Raised whenever the same seed gives other files than before: an older folder is then not "the same sample". */
const generation = 1;
const markerName = 'sample.json';

/** Which sample a folder holds. */
export interface SampleIdentity {
  readonly clips: number;
  readonly seed: number;
}

interface Marker extends SampleIdentity {
  readonly generation: number;
  /** Bytes of every file, by path within the folder, `/` between its parts. */
  readonly files: Readonly<Record<string, number>>;
  /** What each of them holds; absent in samples of earlier versions, of which the length alone is looked at. */
  readonly sha256?: Readonly<Record<string, string>>;
}

/** Writes the marker of a finished folder: what it is, and how long each of its files must be, and what it must hold. Returns their total length. */
export async function sealSample(folder: string, identity: SampleIdentity, names: readonly string[]): Promise<number> {
  const files: Record<string, number> = {};
  const sha256: Record<string, string> = {};
  for (const name of names) {
    files[name] = (await stat(join(folder, name))).size;
    sha256[name] = await sha256File(join(folder, name));
  }
  const { clips, seed } = identity;
  await writeFileAtomic(join(folder, markerName), `${canonicalJson({ clips, files, generation, seed, sha256 })}\n`);
  return Object.values(files).reduce((sum, size) => sum + size, 0);
}

/**
 * Looks at the place where a sample is to be: `bytes` when this very sample lies there whole, null when the place is
 * free (absent or an empty folder).
 * @throws {@link SampleFolderError} for anything else
 */
export async function findSample(folder: string, identity: SampleIdentity): Promise<{ readonly bytes: number } | null> {
  const names = await listFolder(folder);
  if (names === null || names.length === 0) return null;
  if (!names.includes(markerName)) throw new SampleFolderError(folder, `${names.length} other files or folders`);
  const marker = await readMarker(folder);
  if (marker === null || marker.generation !== generation) {
    throw new SampleFolderError(folder, 'a sample of another version');
  }
  if (marker.seed !== identity.seed || marker.clips !== identity.clips) {
    throw new SampleFolderError(folder, `a sample of ${marker.clips} clips with seed ${marker.seed}`);
  }
  let bytes = 0;
  for (const [name, size] of Object.entries(marker.files)) {
    const found = await stat(join(folder, name)).catch(() => null);
    const digest = marker.sha256?.[name];
    const same = found?.size === size && (digest === undefined || (await sha256File(join(folder, name))) === digest);
    if (!same) {
      throw new SampleFolderError(folder, `this sample with '${name}' ${found === null ? 'missing' : 'changed'}`);
    }
    bytes += size;
  }
  return { bytes };
}

/** Moves a finished folder to its place, which must be free; false when somebody else has filled it meanwhile. */
export async function publishFolder(finished: string, folder: string): Promise<boolean> {
  await makeFolder(dirname(folder));
  try {
    // Windows does not rename over an empty folder.
    await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(finished, folder);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}

async function listFolder(folder: string): Promise<string[] | null> {
  try {
    return await readdir(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return null;
    if (code === 'ENOTDIR') throw new SampleFolderError(folder, 'a file');
    throw error;
  }
}

async function readMarker(folder: string): Promise<Marker | null> {
  try {
    const value = JSON.parse(await readFile(join(folder, markerName), 'utf8')) as Partial<Marker> | null;
    return typeof value?.files === 'object' && value.files !== null ? (value as Marker) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
