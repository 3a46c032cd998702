import type { ReactNode } from 'react';
import { counts } from './counts.ts';
import { counted, number } from './formats.ts';

/** The season in numbers. */
export const season = {
  title: 'Season',
  headings: {
    species: 'Species by site',
    activity: 'Activity by hour',
    effort: 'Effort and gaps',
    blank: 'Blank clips by site',
    map: 'Map',
    findings: 'Cameras and cards to check',
  },

  summary: {
    clipsOfSites: (clips: ReactNode, sites: number) => (
      <>
        {clips} of {counts.sites(sites)}
      </>
    ),
    between: (first: string, last: string) => `, ${first} to ${last}`,
    blank: (share: string) => `${share} blank`,
    blankAndSpecies: (blank: ReactNode, species: number) => (
      <>
        {blank}; {counts.species(species)}.
      </>
    ),
    reviewed: (clips: number) => `${number(clips)} reviewed`,
    reviewedAndOthers: (reviewed: ReactNode) => <>{reviewed}; the others are counted by their most probable species.</>,
    failed: (clips: number) => `${number(clips)} cannot be read`,
    timeless: (clips: number) => `${counted(clips, 'has', 'have')} no time`,
  },

  noAnimal: 'No clip with an animal yet.',
  bySpecies: 'Clips by species and site',

  activity: {
    title: (species: string) => `Clips by hour: ${species}`,
    all: 'all animals',
    allOption: 'All animals',
    species: 'Species',
    hours: 'Hour of the day, by the camera’s clock',
    clips: 'Clips',
    at: (clips: number) => `h: ${counts.clips(clips)}`,
    option: (species: string, clips: string) => `${species} (${clips})`,
  },

  blank: {
    none: 'No clip has been predicted or reviewed yet.',
    title: 'Share of blank clips by site',
  },

  effort: {
    none: 'No clip has a capture time yet: see Sites.',
    title: 'Days with clips by site',
    table: 'Effort by site',
    site: 'Site',
    clips: 'Clips',
    days: 'Days',
    activeDays: 'Days with clips',
    gap: 'Longest gap',
    noGap: 'none',
    gapFrom: (days: number, from: string) => `${counts.days(days)} from ${from}`,
  },

  map: {
    none: (sites: ReactNode) => <>No site has coordinates yet: add them under {sites}, or in clips.csv.</>,
    title: 'Sites by coordinates; larger circles have more clips',
  },

  findings: {
    none: 'Nothing found.',
    at: (kind: ReactNode, site: string, says: string) => (
      <>
        {kind} at {site}: {says}.
      </>
    ),
    copied: (files: number, sites: string) =>
      `${counted(files, 'file is', 'files are')} byte for byte the same as files of ${sites}`,
    unset: (clips: number) =>
      `${counted(clips, 'clip has a time that clocks have', 'clips have a time that clocks have')} before they are set`,
    back: (times: number) => `the clock goes back ${counted(times, 'time', 'times')} while file numbers go on`,
    ahead: (clips: number) => `${counted(clips, 'clip is', 'clips are')} dated after today`,
    stuck: (times: number, least: number) =>
      `${counted(times, 'time', 'times')} ${number(least)} or more blank clips follow each other`,
    moved: (times: number) =>
      `the view changes ${counted(times, 'time', 'times')} and stays changed; these are the first clips of each new view`,
    covered: 'by day nothing can be told apart',
  },

  /** What a file has of a chart, for those who hear the page. */
  fileOf: (chart: string) => `of ${chart}`,
};
