import { cohensKappa } from '@primatrix/metrics';
import type { Agreement, Review } from '@primatrix/review-api';

/** What each person said last of a clip, by name; empty: nobody's name. */
type OpinionsOf = (clip: string) => ReadonlyMap<string, Review>;

/** What second opinions go by. */
interface OpinionParts {
  /** Of the clips: those that two people shall look at, 0 to 1. */
  readonly share: () => number;
  readonly opinionsOf: OpinionsOf;
  /** Clips of which anything was said. */
  readonly clips: () => Iterable<string>;
}

/** Some clips are for two people: whether they agree says how far anybody's word on the others is to be trusted. */
export class SecondOpinions {
  private readonly parts: OpinionParts;

  constructor(parts: OpinionParts) {
    this.parts = parts;
  }

  /** Whether a clip waits for the word of this person, after somebody else's. */
  isDue(clip: string, name: string | null): boolean {
    if (name === null || !isChosen(clip, this.parts.share())) return false;
    const said = this.parts.opinionsOf(clip);
    return said.size === 1 && !said.has(name);
  }

  /** Whether people say different things of a clip. */
  differs(clip: string): boolean {
    return new Set([...this.parts.opinionsOf(clip).values()].map(categoryOf)).size > 1;
  }

  /** Clips that each person decided, by name, and how far any two agree; those with most clips in common come first. */
  summary(): { readonly clips: ReadonlyMap<string, number>; readonly agreement: Agreement[] } {
    const clips = new Map<string, number>();
    const pairs = new Map<string, { people: [string, string]; said: [string, string][] }>();
    for (const clip of this.parts.clips()) {
      const said = [...this.parts.opinionsOf(clip)].sort(([a], [b]) => (a < b ? -1 : 1));
      said.forEach(([first, one], at) => {
        clips.set(first, (clips.get(first) ?? 0) + 1);
        for (const [second, other] of said.slice(at + 1)) {
          const key = JSON.stringify([first, second]);
          const pair = pairs.get(key) ?? { people: [first, second], said: [] };
          pair.said.push([categoryOf(one), categoryOf(other)]);
          pairs.set(key, pair);
        }
      });
    }
    const agreement = [...pairs.values()].map(({ people, said }) => ({
      people,
      clips: said.length,
      same: said.filter(([a, b]) => a === b).length,
      kappa: cohensKappa(said),
    }));
    return { clips, agreement: agreement.sort((a, b) => b.clips - a.clips) };
  }
}

/** The same clips at every start and for everybody; a larger share has those of a smaller one, too. Ids are random digits. */
function isChosen(clip: string, share: number): boolean {
  return Number.parseInt(clip.slice(0, 8), 16) < share * 2 ** 32;
}

/** What a clip shows, as far as two people can agree on it: its species, or that nobody can tell. */
function categoryOf({ decision, species }: Review): string {
  return decision === 'unsure' ? 'unsure' : `shows ${[...species].sort().join('|')}`;
}
