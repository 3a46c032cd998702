import type { ClipFeatures } from '@primatrix/families';
import { digestOf } from '@primatrix/files';
import type { BundleManifest } from '../bundle/bundle-manifest.ts';
import { rowFacts } from './row-facts.ts';
import { backgroundOf, fewestClips, takeOff, type ClipVectors } from './site-background.ts';

type Part = NonNullable<BundleManifest['features'][number]['background']>;

/** Features of a bundle that are another's vectors without the background of the clip's site, as far as that is known. */
export class Foreground {
  readonly name: string;
  readonly part: Part;
  private readonly usual: Float64Array;
  private readonly ofSite = new Map<string, Float64Array>();

  constructor(name: string, part: Part) {
    this.name = name;
    this.part = part;
    this.usual = Float64Array.from(part.usual);
  }

  /** What a clip says of its site; undefined where it has no vectors. @param features of the clip, by family */
  vectorsOf(features: ReadonlyMap<string, ClipFeatures>): ClipVectors | undefined {
    const { of, motion, boxes } = this.part;
    const vectors = features.get(of)?.tensor;
    if (vectors === undefined) return undefined;
    const tensorsOf = (families: readonly string[]) => families.flatMap((family) => features.get(family)?.tensor ?? []);
    const [moved] = motion === undefined ? [] : tensorsOf([motion]);
    return { vectors, ...rowFacts(vectors.shape[0] ?? 0, moved, tensorsOf(boxes)) };
  }

  /** From now on this is what the site looks like, unless the clips are too few to tell. */
  learn(site: string, clips: readonly ClipVectors[]): void {
    const background = clips.length < fewestClips ? undefined : backgroundOf(clips);
    if (background !== undefined) this.ofSite.set(site, background);
  }

  /** The vectors without the background; undefined where the clip has none. @param site undefined: nobody knows it */
  of(features: ReadonlyMap<string, ClipFeatures>, site: string | undefined): ClipFeatures | undefined {
    const vectors = features.get(this.part.of)?.tensor;
    return vectors === undefined ? undefined : { tensor: takeOff(vectors, this.backgroundAt(site)), row: {} };
  }

  /** Whether a site has a background of its own; the others have the usual one. */
  knows(site: string | undefined): boolean {
    return site !== undefined && this.ofSite.has(site);
  }

  /** Identifies the background that a site's clips are predicted with. */
  digestAt(site: string | undefined): string {
    return digestOf([...this.backgroundAt(site)]);
  }

  private backgroundAt(site: string | undefined): Float64Array {
    return (site === undefined ? undefined : this.ofSite.get(site)) ?? this.usual;
  }
}
