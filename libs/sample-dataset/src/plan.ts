import { UsageError } from '@primatrix/contracts';
import { Rng } from '@primatrix/rng';
import { animals, sampleClasses, type SampleClass } from './animals/species.ts';
import { planVisits, type SampleSplit, type Visit } from './visits.ts';

/** Fewest clips that hold every class in the training split. */
const fewestClips = 16;
/** Most clips one call makes: a slip of the keyboard does not fill a disk. */
const mostClips = 10_000;

/**
 * How a file was spoilt after it was made. `middle`: bytes in its middle overwritten (decodes with errors);
 * `cut`: its last part missing; `text`: words instead of a clip.
 */
export type SampleDamage = 'none' | 'middle' | 'cut' | 'text';

/** What is in one clip. */
export interface ClipPlan {
  /** Name within `clips/`. */
  readonly file: string;
  readonly split: SampleSplit;
  readonly site: string;
  /** ISO 8601, UTC, whole seconds. */
  readonly capturedAt: string;
  /** The classes it shows; `['blank']` when only leaves move. */
  readonly labels: readonly SampleClass[];
  readonly subjects: readonly { readonly kind: keyof typeof animals; readonly count: number }[];
  readonly night: boolean;
  readonly frames: number;
  readonly fps: number;
  readonly sound: boolean;
  /** 0 calm to 1 strong. */
  readonly wind: number;
  /** Share by which the light swells and fades. */
  readonly light: number;
  readonly damage: SampleDamage;
}

const fps = 24;
/** Shorter than every crop of every net: it must be padded. */
const shortClipFrames = 9;

/**
 * Decides, without drawing anything, what every clip of a sample shows, when and where. Clips are in order of file
 * name.
 * @throws UsageError `SAMPLE_SIZE` or `SAMPLE_SEED` for a number it cannot work with
 */
export function planSample(options: { readonly clips: number; readonly seed: number }): readonly ClipPlan[] {
  const { clips, seed } = options;
  if (!Number.isInteger(clips) || clips < fewestClips || clips > mostClips) {
    throw new UsageError(
      'SAMPLE_SIZE',
      `sample-dataset: clips must be a whole number from ${fewestClips} to ${mostClips}, got ${clips}`,
      {
        hint: `${fewestClips} clips are the fewest with every class in the training split; 96 make a sample that learns well.`,
      },
    );
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffff_ffff) {
    throw new UsageError(
      'SAMPLE_SEED',
      `sample-dataset: seed must be a whole number from 0 to 4294967295, got ${seed}`,
    );
  }
  const visits = planVisits(clips, seed);
  const drafts = visits.flatMap((visit, v) => shoot(visit, Rng.of(seed, 'visit', v)));
  mixCompany(drafts);
  spoil(drafts, Rng.of(seed, 'damage'));
  return nameFiles(drafts, Rng.of(seed, 'names'));
}

type Draft = { -readonly [K in keyof Omit<ClipPlan, 'file'>]: ClipPlan[K] };

/** The clips of one visit: the same animals, minutes apart. */
function shoot(visit: Visit, rng: Rng): Draft[] {
  const { kind } = visit;
  const animal = kind === 'blank' ? null : animals[kind];
  const count = animal === null ? 0 : animal.group[0] + rng.int(animal.group[1] - animal.group[0] + 1);
  return visit.times.map((time) => ({
    split: visit.split,
    site: visit.site,
    capturedAt: new Date(time).toISOString().replace('.000Z', 'Z'),
    labels: [kind],
    subjects: kind === 'blank' ? [] : [{ kind, count }],
    night: visit.night,
    frames: 24 * (6 + rng.int(3)) + rng.int(12),
    fps,
    sound: rng.uniform() < 0.85,
    // What wakes a camera when nothing is there: wind, and a change of light.
    wind: animal === null ? rng.between(0.7, 1) : rng.between(0.02, 0.2),
    light: animal === null ? rng.between(0.06, 0.16) : rng.between(0, 0.015),
    damage: 'none',
  }));
}

/** Birds around an elephant, once in training and once in test: clips with two labels. */
function mixCompany(drafts: readonly Draft[]): void {
  for (const split of ['train', 'test'] as const) {
    const hosts = drafts.filter((draft) => draft.split === split && draft.labels[0] === 'elephant');
    const host = hosts.length > 1 ? hosts.at(-1) : undefined;
    if (host === undefined) continue;
    host.labels = ['bird', 'elephant'];
    host.subjects = [...host.subjects.map((subject) => ({ ...subject, count: 1 })), { kind: 'bird', count: 2 }];
  }
}

/**
 * Chooses the spoilt files, so that every stage meets one: a damaged middle in training, a cut file in test, text under a
 * clip's name among the unlabelled; and one healthy clip of 9 frames in training. No class loses its only clip.
 */
function spoil(drafts: readonly Draft[], rng: Rng): void {
  const countOf = (draft: Draft): number =>
    drafts.filter((other) => other.split === draft.split && other.labels[0] === draft.labels[0]).length;
  const spare = (split: SampleSplit): Draft[] =>
    drafts.filter(
      (draft) =>
        draft.split === split &&
        draft.damage === 'none' &&
        draft.labels.length === 1 &&
        (split === 'other' || countOf(draft) > 1),
    );
  const choose = (split: SampleSplit): Draft | undefined => {
    const candidates = spare(split);
    const seen = candidates.filter((draft) => draft.labels[0] !== 'blank');
    const from = seen.length > 0 ? seen : candidates;
    return from.length > 0 ? rng.pick(from) : undefined;
  };
  const middle = choose('train');
  if (middle !== undefined) middle.damage = 'middle';
  const cut = choose('test') ?? drafts.find((draft) => draft.split === 'test' && draft.labels.length === 1);
  if (cut !== undefined) cut.damage = 'cut';
  const text = choose('other');
  if (text !== undefined) text.damage = 'text';
  const short = choose('train');
  if (short !== undefined) short.frames = shortClipFrames;
}

/** Names say nothing of what a clip shows, and their order nothing of its time. */
function nameFiles(drafts: readonly Draft[], rng: Rng): readonly ClipPlan[] {
  const order = rng.shuffle(drafts.map((_, i) => i));
  const aviEvery = 11;
  return order.map((index, place) => {
    const draft = drafts[index] as Draft;
    // Only H.264 in MP4 can be cut and still be read from its start; text keeps the commonest ending.
    const avi = draft.damage === 'none' && place % aviEvery === 4;
    return { file: `clip_${String(place + 1).padStart(4, '0')}.${avi ? 'avi' : 'mp4'}`, ...draft };
  });
}

/** Counts clips by class, for the summary and the README: a clip with two labels counts in both. */
export function countClasses(plans: readonly ClipPlan[]): Record<string, number> {
  return Object.fromEntries(
    sampleClasses.map((name) => [name, plans.filter((plan) => plan.labels.includes(name)).length]),
  );
}
