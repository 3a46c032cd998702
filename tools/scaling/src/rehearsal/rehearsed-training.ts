import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Profile } from '@primatrix/contracts';
import type { Clip, Dataset } from '@primatrix/dataset';
import { discoverFamilies, type Family, type JsonValue, type NetFamily } from '@primatrix/families';
import { Rng } from '@primatrix/rng';
import { workspaceRoot } from '@primatrix/testkit';
import type { Training } from '@primatrix/training';

/** Size of what is rehearsed; the shares of the three parts are the competition's. */
export interface RehearsalSize {
  /** Folder of the artifacts. */
  readonly folder: string;
  readonly profile: Profile;
  readonly clips: number;
  /** Labelled clips by class; only their shares count. */
  readonly classCounts: ReadonlyMap<string, number>;
  /** Rounds of trees that a fold of a stacker is fitted for, and steps of a fold of a net. */
  readonly rounds: number;
  readonly threads: number;
}

/** Of 451,388 clips 200,000 are labelled and 87,000 to be predicted. */
const [allClips, labelledClips, testClips] = [451_388, 200_000, 87_000];
const sites = 400;
const folds = 5;
/** Of the first clip; the others follow at random within a year. */
const firstMoment = Date.UTC(2016, 0, 1);
const yearMs = 365 * 24 * 3_600_000;

/** Classes as the competition had them: one class has most clips, and many have few. */
export const usualClassCounts: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 24 }, (_, c) => [`class ${String(c).padStart(2, '0')}`, Math.ceil(120_000 * 0.65 ** c)]),
);

/** A whole training over clips that do not exist; the same size gives the same training. */
export async function rehearsedTraining(size: RehearsalSize): Promise<Training> {
  const families = await discoverFamilies(pathToFileURL(join(workspaceRoot(), 'apps/primatrix/package.json')));
  const dataset = rehearsedDataset(size);
  return {
    dataset,
    artifacts: size.folder,
    profile: size.profile,
    families: families.flatMap((family) => asRehearsed(family, size)),
    folds,
    seed: 1,
    context: { weightsDir: join(size.folder, 'no-weights'), threads: size.threads, device: 'cpu' },
    timeOrder: {
      by: 'table',
      times: new Map(
        dataset.clips.flatMap(({ filename, capturedAt }) => (capturedAt === undefined ? [] : [[filename, capturedAt]])),
      ),
    },
  };
}

function rehearsedDataset({ clips: count, classCounts }: RehearsalSize): Dataset {
  const rng = Rng.of(1, 'rehearsal');
  const classes = [...classCounts.keys()];
  const bounds: number[] = [];
  let all = 0;
  for (const held of classCounts.values()) bounds.push((all += held));
  const borders = [(count * labelledClips) / allClips, (count * (labelledClips + testClips)) / allClips];
  const clips = Array.from({ length: count }, (_, i): Clip => {
    const drawn = rng.uniform() * all;
    const shown = bounds.findIndex((bound) => drawn < bound);
    const base = {
      filename: `${String(i).padStart(8, '0')}.mp4`,
      path: `/nonexistent/${i}.mp4`,
      bytes: 2_000_000,
      site: `site ${Math.floor(rng.uniform() * sites)}`,
      capturedAt: new Date(firstMoment + Math.floor(rng.uniform() * yearMs)),
    };
    // By name, and the three parts mix: as many of each among the first clips as among the last.
    const place = (i * 7_919) % count;
    if (place >= (borders[1] ?? 0)) return { ...base, split: 'other' };
    if (place >= (borders[0] ?? 0)) return { ...base, split: 'test' };
    return { ...base, split: 'train', labels: Uint8Array.from(classes, (_name, c) => Number(c === shown)) };
  });
  return {
    ...{ name: 'rehearsal', digest: `rehearsal-${count}`, classes, clips },
    submission: { filenames: clips.filter(({ split }) => split === 'test').map(({ filename }) => filename), classes },
    ...{ missing: [], unreadable: [], unknown: [], unmatched: [] },
  };
}

/** A family as the profile has it, nets and stackers for so many rounds; none of a net that the profile leaves out. */
function asRehearsed(family: Family, { profile, rounds }: RehearsalSize): Family[] {
  if (family.kind === 'nets') return family.profiles.includes(profile) ? [shortNet(family, profile, rounds)] : [];
  if (family.kind !== 'stack') return [family];
  const variants = Object.fromEntries(
    Object.entries(family.variants[profile]).map(([name, settings]) => [name, shortened(settings, rounds)]),
  );
  return [{ ...family, variants: { ...family.variants, [profile]: variants } }];
}

/** One epoch of each phase, of so many steps, and validation by as many batches. */
function shortNet(net: NetFamily, profile: Profile, rounds: number): NetFamily {
  const own = net.settings[profile];
  if (own.train === undefined) return net;
  const { then } = own.train;
  const short = {
    ...own,
    train: {
      ...{ ...own.train, stepsPerEpoch: rounds, validBatches: rounds, maxEpochs: 1 },
      ...(then === undefined ? {} : { then: { ...then, maxEpochs: 1 } }),
    },
  };
  return { ...net, settings: { ...net.settings, [profile]: short } };
}

function shortened(settings: JsonValue, rounds: number): JsonValue {
  const own = settings as { readonly [key: string]: JsonValue };
  const train = own['train'] as { readonly [key: string]: JsonValue } | undefined;
  return train === undefined
    ? { ...own, rounds, patience: rounds }
    : { ...own, train: { ...train, stepsPerEpoch: rounds, maxEpochs: 1 } };
}
