import type { TrainingAdvice, TrainingClips, TrainingLack } from '@primatrix/review-api';
import type { ClipRow } from '../clips/clip-row.ts';

/** Below this a training has nothing to stack. */
const fewest = 10;
/** Scores of species with fewer clips than this are rough guesses. */
const few = 20;
const fewSites = 5;

type Decided = ClipRow & { readonly review: NonNullable<ClipRow['review']> };

/** Clips that people have decided and that can be read: what a training learns from. */
export function* learnable(rows: Iterable<ClipRow>): Iterable<Decided> {
  for (const row of rows) if (isDecided(row) && row.state !== 'failed') yield row;
}

function isDecided(row: ClipRow): row is Decided {
  const { review } = row;
  return review !== null && review.decision !== 'unsure' && review.species.length > 0;
}

/** Counts what a training would learn from. */
export function trainingClips(rows: Iterable<ClipRow>): TrainingClips {
  const species = new Map<string, number>();
  const sites = new Set<string>();
  let [clips, withoutSite] = [0, 0];
  for (const { review, site } of learnable(rows)) {
    clips += 1;
    for (const name of review.species) species.set(name, (species.get(name) ?? 0) + 1);
    if (site === null) withoutSite += 1;
    else sites.add(site);
  }
  return {
    clips,
    species: [...species]
      .map(([name, count]) => ({ species: name, clips: count }))
      .sort((a, b) => b.clips - a.clips || (a.species < b.species ? -1 : 1)),
    sites: sites.size + withoutSite,
  };
}

/** Why a training would come to nothing; null where it can be made. */
export function whyTooFew({ clips, species }: TrainingClips): TrainingLack | null {
  if (species.length < 2) return { code: 'species', only: species[0]?.species ?? null };
  return clips < fewest ? { code: 'clips', least: fewest } : null;
}

/** The same as a sentence, for who asks for the training nevertheless. */
export function lackText(lack: TrainingLack, { clips }: TrainingClips): string {
  if (lack.code === 'species') {
    return (
      `there must be reviewed clips of two species at least (blank is one of them), got ` +
      `${lack.only === null ? 'none' : `${lack.only} alone`}: there is nothing to tell apart yet`
    );
  }
  return `a training needs ${lack.least} reviewed clips, got ${clips}: suggestions need one clip a species only`;
}

/** What would make a model of these clips better. */
export function adviceFor({ species, sites }: TrainingClips): TrainingAdvice[] {
  const rare = species.filter(({ clips }) => clips < few);
  return [
    ...(rare.length === 0 ? [] : [{ code: 'rare', wanted: few, species: rare } as const]),
    ...(sites > 0 && sites < fewSites ? [{ code: 'sites', wanted: fewSites, sites } as const] : []),
  ];
}

/** In how many parts clips are left out: sites stay together, where there are two. */
export function foldsFor({ sites, clips }: TrainingClips): { readonly folds: number; readonly by: 'site' | 'clip' } {
  const by = sites > 1 ? 'site' : 'clip';
  return { by, folds: Math.max(2, Math.min(5, by === 'site' ? sites : clips)) };
}
