import { UsageError } from '@primatrix/contracts';
import { clipName } from '@primatrix/dataset';
import { namedTime, parseNamePattern } from '@primatrix/exchange';
import {
  listInputs,
  withDistinctNames,
  withOrigins,
  withTimeOrder,
  type InputFile,
  type InputList,
} from '@primatrix/prediction';
import { isS3 } from '@primatrix/tensor-store';
import type { PredictOptions } from './predict-options.ts';

/**
 * The clips at all places that were named.
 * @throws UsageError PREDICT_PLACE
 */
export async function listPlaces(places: readonly string[], { remote }: PredictOptions): Promise<InputList> {
  const stored = places.filter(isS3);
  if (stored.length === 0) return listInputs(places);
  if (!remote) {
    throw new UsageError('PREDICT_PLACE', `predict: clips of an object store need --remote, got ${stored[0]}`, {
      hint: 'or copy them to a folder first',
    });
  }
  const { listStoredClips } = await import('./list-stored-clips.ts');
  const [local, objects] = await Promise.all([
    listInputs(places.filter((place) => !isS3(place))),
    listStoredClips(stored),
  ]);
  const listed = [local, ...objects];
  const byPath = new Map(listed.flatMap(({ files }) => files).map((file) => [file.path, file]));
  return {
    files: withDistinctNames([...byPath.values()]),
    skipped: listed.flatMap(({ skipped }) => skipped),
    unreadable: local.unreadable,
  };
}

/** Where each file was taken, and when: by the tables, else by its folder and its name. */
export async function withSettings(
  files: readonly InputFile[],
  { sites, namePattern, timeOrder }: PredictOptions,
  warn: (text: string) => void,
): Promise<InputFile[]> {
  const pattern = namePattern === undefined ? undefined : parseNamePattern(namePattern);
  const placed = (await withOrigins(files, sites, warn)).map((file) => {
    const namedAt = namedTime(file.filename, pattern);
    return namedAt === undefined ? file : { ...file, namedAt };
  });
  return timeOrder === undefined ? placed : withTimeOrder(placed, timeOrder, warn);
}

/**
 * The readers of a result know clips by name, and names that differ by how accents are written are one.
 * @throws UsageError PREDICT_NAMES
 */
export function refuseAlike(files: readonly InputFile[]): void {
  const known = new Map<string, string>();
  for (const { filename, path } of files) {
    const name = clipName(filename);
    const twin = known.get(name);
    if (twin !== undefined) {
      throw new UsageError('PREDICT_NAMES', `predict: two clips have the name ${name}: ${twin} and ${path}`, {
        hint: 'rename one of them',
      });
    }
    known.set(name, path);
  }
}
