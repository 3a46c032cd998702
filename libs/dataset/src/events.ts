/** Minutes without a clip that end an event, where nobody says otherwise: what most studies take for independence. */
export const eventGapMinutes = 30;

/** What of a clip says to which event it belongs. */
export interface EventClip {
  /** Null where it is not known: such a clip is an event of its own. */
  readonly site: string | null;
  /** When it begins, milliseconds since 1970; NaN where it is not known: such a clip is an event of its own. */
  readonly start: number;
  /** When it ends; of a picture, when it was taken. */
  readonly end: number;
}

/** Clips that were taken at one site without a longer pause between them. */
export interface ClipEvent<Clip extends EventClip> {
  /** In order of time; equal ones as they were given. At least one. */
  readonly clips: readonly [Clip, ...Clip[]];
  /** Of the first clip, milliseconds since 1970; NaN where it is not known. */
  readonly start: number;
  /** When the last of its clips to end has ended. */
  readonly end: number;
}

/**
 * Groups clips into events: an event goes on as long as the next clip of its site begins no later than `gap` minutes after
 * all before it have ended.
 * @param gapMinutes 0 or more
 * @returns the events in the order of the clip that was given first; every clip is in one of them
 */
export function groupEvents<Clip extends EventClip>(
  clips: readonly Clip[],
  gapMinutes: number = eventGapMinutes,
): ClipEvent<Clip>[] {
  const gap = gapMinutes * 60_000;
  const sites = new Map<string, number[]>();
  const found: { first: number; event: ClipEvent<Clip> }[] = [];
  for (const [place, clip] of clips.entries()) {
    const { site, start } = clip;
    if (site === null || Number.isNaN(start)) {
      found.push({ first: place, event: { clips: [clip], start, end: clip.end } });
      continue;
    }
    const known = sites.get(site);
    if (known === undefined) sites.set(site, [place]);
    else known.push(place);
  }
  const at = (place: number) => clips[place] as Clip;
  for (const places of sites.values()) {
    places.sort((a, b) => at(a).start - at(b).start || a - b);
    let open: { clips: [Clip, ...Clip[]]; first: number; end: number } | undefined;
    const close = () => {
      if (open === undefined) return;
      found.push({ first: open.first, event: { clips: open.clips, start: open.clips[0].start, end: open.end } });
    };
    for (const place of places) {
      const clip = at(place);
      // A length that is not known is none.
      const end = Number.isNaN(clip.end) ? clip.start : Math.max(clip.start, clip.end);
      if (open !== undefined && clip.start - open.end <= gap) {
        open.clips.push(clip);
        open.first = Math.min(open.first, place);
        open.end = Math.max(open.end, end);
      } else {
        close();
        open = { clips: [clip], first: place, end };
      }
    }
    close();
  }
  return found.sort((a, b) => a.first - b.first).map(({ event }) => event);
}
