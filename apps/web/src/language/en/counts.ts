import { counted } from './formats.ts';

/** How many there are of something. */
export const counts = {
  clips: (clips: number) => counted(clips, 'clip', 'clips'),
  reviewedClips: (clips: number) => counted(clips, 'reviewed clip', 'reviewed clips'),
  species: (species: number) => counted(species, 'species', 'species'),
  sites: (sites: number) => counted(sites, 'site', 'sites'),
  days: (days: number) => counted(days, 'day', 'days'),
  /** `3 of 15`, or `3 of 15 clips`. */
  of: (part: string, all: string) => `${part} of ${all}`,
  /** What a list that is too long leaves out. */
  more: (left: string) => `and ${left} more`,
};
