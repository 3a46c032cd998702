import { Rng } from '@primatrix/rng';
import { animals, sampleClasses, type SampleClass } from './animals/species.ts';
import { sites } from './sites.ts';

/** train: in `train_labels.csv`; test: in `submission_format.csv`; other: in neither. */
export type SampleSplit = 'train' | 'test' | 'other';

/** One to four clips in a row at one site, of the same animals. */
export interface Visit {
  readonly split: SampleSplit;
  readonly kind: SampleClass;
  readonly site: string;
  readonly night: boolean;
  /** Milliseconds since 1970, UTC, one a clip. */
  readonly times: readonly number[];
}

const firstDay = Date.UTC(2016, 2, 1);
const dayMs = 86_400_000;
const fewestDays = 28;

/** How many clips each split gets: about 62, 26 and 8 of 96, and never fewer than 2 unlabelled. */
function splitSizes(clips: number): Record<SampleSplit, number> {
  const test = Math.round((clips * 26) / 96);
  const other = Math.max(2, Math.round((clips * 8) / 96));
  return { train: clips - test - other, test, other };
}

/** Shares `total` clips among the classes: blank gets about a fifth, the others as even as can be. */
function classQuotas(total: number, rng: Rng): Map<SampleClass, number> {
  const seen = rng.shuffle(sampleClasses.filter((name) => name !== 'blank'));
  const blank = Math.min(total, Math.max(1, Math.round(total * 0.21)));
  // With few clips, every class comes before a second blank one.
  const blanks = total < 2 * sampleClasses.length ? Math.max(1, total - seen.length) : blank;
  const quotas = new Map<SampleClass, number>([['blank', Math.min(blanks, blank + 1)]]);
  let left = total - (quotas.get('blank') as number);
  for (let i = 0; left > 0; i = (i + 1) % seen.length, left--) {
    const name = seen[i] as SampleClass;
    quotas.set(name, (quotas.get(name) ?? 0) + 1);
  }
  return quotas;
}

/** Cuts a class's clips into visits of 1 to 4, at least `fewest` of them where there are as many clips. */
function visitLengths(clips: number, fewest: number, rng: Rng): number[] {
  const visits = Math.max(Math.min(clips, fewest), Math.ceil(clips / 3));
  const lengths = Array.from({ length: visits }, (_, i) => Math.floor((clips + i) / visits));
  // Even lengths look arranged: move a clip now and then.
  for (let i = 0; i + 1 < visits; i += 2) {
    const a = lengths[i] as number;
    const b = lengths[i + 1] as number;
    if (a > 1 && b < 4 && rng.int(2) === 0) {
      lengths[i] = a - 1;
      lengths[i + 1] = b + 1;
    }
  }
  return lengths;
}

/**
 * Draws who comes where and when. A visit stays within one split: its clips look almost alike, and one in training with
 * its twin in test would flatter every score. The visits of a class go round the sites, so each is seen at several.
 */
export function planVisits(clips: number, seed: number): readonly Visit[] {
  const rng = Rng.of(seed, 'visits');
  const sizes = splitSizes(clips);
  const route = rng.shuffle(sites.map((_, i) => i));
  const drafts: { split: SampleSplit; kind: SampleClass; site: number; night: boolean; length: number }[] = [];
  const visitsOfClass = new Map<SampleClass, number>();
  for (const split of ['train', 'test', 'other'] as const) {
    for (const [kind, quota] of classQuotas(sizes[split], rng)) {
      for (const length of visitLengths(quota, split === 'train' ? 3 : 2, rng)) {
        const turn = visitsOfClass.get(kind) ?? 0;
        visitsOfClass.set(kind, turn + 1);
        const site = route[
          (2 * sampleClasses.indexOf(kind) + turn + Math.floor(turn / sites.length)) % sites.length
        ] as number;
        // A low-discrepancy walk: the share of nights holds even for three visits.
        const share = kind === 'blank' ? 0.25 : animals[kind].nightShare;
        const night = (0.31 + 0.618034 * turn + 0.37 * sampleClasses.indexOf(kind)) % 1 < share;
        drafts.push({ split, kind, site, night, length });
      }
    }
  }
  return sites.flatMap((site, index) => {
    const here = rng.shuffle(drafts.filter((draft) => draft.site === index));
    const span = Math.max(fewestDays, here.length);
    // A day of its own for each visit: two never interleave at one camera.
    const days = rng.shuffle(Array.from({ length: span }, (_, day) => day));
    return here.map(({ split, kind, night, length }, i) => {
      const hour = night ? rng.between(20, 28) : rng.between(7, 17);
      let time = firstDay + (days[i] as number) * dayMs + Math.floor(hour * 3600) * 1000;
      const times = Array.from({ length }, () => {
        const now = time;
        time += Math.floor(rng.between(60, 360)) * 1000;
        return now;
      });
      return { split, kind, site: site.name, night, times };
    });
  });
}
