import type { BundleManifest, FirstLevelStage } from '@primatrix/prediction';
import type { FamilyProgress } from '@primatrix/review-api';

/** Clips by which costs are judged. */
const recent = 20;

/** What each family of a bundle costs a clip, by the last clips that it looked at. */
export class FamilyCosts {
  private readonly families: readonly Pick<FamilyProgress, 'family' | 'part'>[];
  private readonly seconds = new Map<string, number[]>();
  /** Families that have done their part of the clip that is being looked at. */
  private readonly ready = new Set<string>();

  constructor(families: readonly Pick<FamilyProgress, 'family' | 'part'>[]) {
    this.families = families;
  }

  /** Takes what one family took for the clip that is being looked at. */
  take({ family, part, seconds }: FirstLevelStage): void {
    this.ready.add(keyOf({ family, part }));
    this.remember(keyOf({ family, part }), seconds);
  }

  /** Takes what the second level took. */
  weighed(clips: number, seconds: number): void {
    const last = this.families.find(({ part }) => part === 'second-level');
    if (last !== undefined && clips > 0) this.remember(keyOf(last), seconds / clips);
  }

  /** Another clip is looked at, or none. */
  nextClip(): void {
    this.ready.clear();
  }

  /** Seconds that the second level takes a clip; null before it has run. */
  get secondLevelSeconds(): number | null {
    return (
      this.families.flatMap((family) => (family.part === 'second-level' ? [this.median(keyOf(family))] : []))[0] ?? null
    );
  }

  /**
   * @param looked clips of which the first level is done
   * @param weighed clips of which all is done
   */
  progress(looked: number, weighed: number): FamilyProgress[] {
    return this.families.map(({ family, part }) => {
      const key = keyOf({ family, part });
      return {
        family,
        part,
        done: part === 'second-level' ? weighed : looked + Number(this.ready.has(key)),
        secondsAClip: this.median(key),
      };
    });
  }

  private remember(key: string, seconds: number): void {
    const last = this.seconds.get(key) ?? [];
    last.push(seconds);
    if (last.length > recent) last.shift();
    this.seconds.set(key, last);
  }

  private median(key: string): number | null {
    const sorted = [...(this.seconds.get(key) ?? [])].sort((a, b) => a - b);
    const middle = sorted.length / 2;
    return sorted.length === 0 ? null : ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
  }
}

/** The families of a bundle in the order of their work. */
export function familiesOf({
  metadata,
  features,
  nets,
  ensemble,
}: BundleManifest): Pick<FamilyProgress, 'family' | 'part'>[] {
  return [
    { family: metadata.family, part: 'ingest' },
    ...features.map(({ family }) => ({ family, part: 'features' as const })),
    ...nets.map(({ family }) => ({ family, part: 'nets' as const })),
    { family: ensemble.family, part: 'second-level' },
  ];
}

function keyOf({ family, part }: Pick<FamilyProgress, 'family' | 'part'>): string {
  return `${part} ${family}`;
}
