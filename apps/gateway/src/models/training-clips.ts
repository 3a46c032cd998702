import type { TrainingClips } from '@primatrix/review-api';
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

/** Why a training would come to nothing, and what to do; null where it can be made. */
export function whyTooFew({ clips, species }: TrainingClips): string | null {
  if (species.length < 2) {
    const [only] = species;
    return (
      `there must be reviewed clips of two species at least (blank is one of them), got ` +
      `${only === undefined ? 'none' : `${only.species} alone`}: there is nothing to tell apart yet`
    );
  }
  if (clips < fewest) {
    return `a training needs ${fewest} reviewed clips, got ${clips}: suggestions need one clip a species only`;
  }
  return null;
}

/** What would make a model of these clips better, in sentences. */
export function adviceFor({ species, sites }: TrainingClips): string[] {
  const rare = species.filter(({ clips }) => clips < few);
  return [
    ...(rare.length === 0
      ? []
      : [
          `Fewer than ${few} clips: ${rare.map((one) => `${one.species} (${one.clips})`).join(', ')}. ` +
            'What the score says of these species is a rough guess; review more of them.',
        ]),
    ...(sites === 1
      ? [
          'All reviewed clips are from one site: the score will not tell how the model does at other sites. Review clips of a second site.',
        ]
      : sites > 1 && sites < fewSites
        ? [`Reviewed clips come from ${sites} sites: with ${fewSites} or more the score says more about new sites.`]
        : []),
  ];
}

/** In how many parts clips are left out: sites stay together, where there are two. */
export function foldsFor({ sites, clips }: TrainingClips): { readonly folds: number; readonly by: 'site' | 'clip' } {
  const by = sites > 1 ? 'site' : 'clip';
  return { by, folds: Math.max(2, Math.min(5, by === 'site' ? sites : clips)) };
}
