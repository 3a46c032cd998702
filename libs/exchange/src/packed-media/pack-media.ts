import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256File, withAtomicFile } from '@primatrix/files';
import { blurredCopy, ClipError, copyEnding, peopleAreas } from '@primatrix/video';
import type { ClipRecord } from '../clip-record.ts';
import { ExchangeError } from '../exchange-error.ts';
import type { PackedFile } from './packed-file.ts';
import { planPeople, type PeopleKnowledge, type PeoplePlan } from './people-plan.ts';

/** How clips are put into a package. */
export interface PackMediaOptions extends PeopleKnowledge {
  /** Path of a clip's file; undefined where it is not at hand. */
  readonly pathOf: (filename: string) => string | undefined;
  /** sha256 of the file that was predicted; null where nobody knows it. */
  readonly digestOf: (filename: string) => string | null;
  /** Whether clips go as they are, people on them visible: for packages that nobody else sees. */
  readonly showPeople: boolean;
  readonly signal: AbortSignal;
  readonly onClip?: (done: number, of: number) => void;
}

/** Folder of the clips in a package. */
const mediaFolder = 'media';

/**
 * Puts the files of clips into the folder of a package, people on them blurred unless `showPeople` is set.
 * @returns the clips, each with what the package holds of it, and what must be said: sentences for people
 * @throws ExchangeError EXCHANGE_PEOPLE as {@link planPeople}; EXCHANGE_MEDIA where the package has media already
 */
export async function packMedia(
  folder: string,
  records: readonly ClipRecord[],
  classes: readonly string[],
  options: PackMediaOptions,
): Promise<{ readonly records: readonly ClipRecord[]; readonly warnings: readonly string[] }> {
  const { showPeople, signal, onClip } = options;
  const plans = showPeople ? records.map((): PeoplePlan => 'as-it-is') : planPeople(records, classes, options);
  await refuseOldMedia(folder);
  const packed: ClipRecord[] = [];
  for (const [i, record] of records.entries()) {
    signal.throwIfAborted();
    packed.push({ ...record, packed: await packClip(folder, record, plans[i] as PeoplePlan, options) });
    onClip?.(i + 1, records.length);
  }
  return { records: packed, warnings: sentences(packed, plans, showPeople) };
}

/** What lies there may show people, and would be handed on with the rest. */
async function refuseOldMedia(folder: string): Promise<void> {
  const there = await readdir(join(folder, mediaFolder)).catch(() => []);
  if (there.length === 0) return;
  throw new ExchangeError(
    'EXCHANGE_MEDIA',
    `${join(folder, mediaFolder)} holds ${there.length} files of an earlier export, on which people may be visible`,
    'name another folder, or remove that one',
  );
}

async function packClip(
  folder: string,
  record: ClipRecord,
  plan: PeoplePlan,
  { pathOf, digestOf, showPeople, signal }: PackMediaOptions,
): Promise<PackedFile> {
  const { filename, outcome, media, seen } = record;
  const path = pathOf(filename);
  const out = (note: string): PackedFile => ({ name: null, isPublic: false, note: `not in this package: ${note}` });
  if (outcome.status === 'failed' || media === null || path === undefined) return out('the file was not read');
  if (plan === 'leave-out') return out('it shows people, and no detector found where');
  const digest = showPeople ? null : digestOf(filename);
  // Boxes of another clip would hide nobody.
  if (digest !== null && (await sha256File(path)) !== digest) return out('another file has its name by now');
  const name = `${mediaFolder}/${filename}`;
  if (plan === 'as-it-is' || seen === undefined) {
    await withAtomicFile(join(folder, name), (temporary) => copyFile(path, temporary));
    return { name, isPublic: !showPeople, note: '' };
  }
  const blurred = `${name}.blurred${copyEnding(media.kind === 'image')}`;
  try {
    await blurredCopy(path, join(folder, blurred), peopleAreas(seen), { signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ClipError) return out(`it shows people, and could not be copied [${error.fault}]`);
    throw error;
  }
  return { name: blurred, isPublic: true, note: 'people blurred, sound left out' };
}

function sentences(records: readonly ClipRecord[], plans: readonly PeoplePlan[], showPeople: boolean): string[] {
  const several = (count: number) => (count === 1 ? '1 clip' : `${count} clips`);
  const count = (matches: (record: ClipRecord, plan: PeoplePlan | undefined) => boolean) =>
    records.filter((record, i) => matches(record, plans[i])).length;
  if (showPeople) return ['people in the clips are visible: this package is for your own use'];
  const blurred = count(({ packed }, plan) => plan === 'blur' && packed?.name != null);
  const out = count((_, plan) => plan === 'leave-out');
  const sounds = count(({ media, packed }) => media?.kind === 'audio' && packed?.name != null);
  return [
    `people are blurred in ${several(blurred)}, as far as the detector saw them: watch what you publish`,
    ...(out > 0 ? [`${several(out)} left out: they show people, and the detector saw none`] : []),
    ...(sounds > 0 ? [`${several(sounds)} of sound alone as they are: nobody listened for voices`] : []),
  ];
}
