import type { ReactNode } from 'react';
import { counts } from './counts.ts';
import { counted } from './formats.ts';

/** Sites and deployments, and what can be put right about them. */
export const deployments = {
  title: 'Sites and deployments',
  hint: (undo: ReactNode) => (
    <>Each site is one deployment. What you change here can be undone with {undo}, and is in all exports.</>
  ),
  site: 'Site',
  clips: 'Clips',
  first: 'First',
  last: 'Last',
  coordinates: 'Coordinates',
  zone: 'Time zone',
  toCheck: 'To check',
  noSite: 'No site',
  edit: 'Edit…',
  editSite: (site: string) => `Edit ${site}`,
  editWithout: 'Edit clips without a site',
  clipsOf: (clips: string, site: string) => `${clips} of ${site}`,
  andOthers: (place: string) => `${place} and others`,
  timeless: (clips: string) => `${clips} without a time`,
  byFileDate: (clips: string) => `${clips} by file date`,
  byStamp: (clips: string) => `${clips} by stamp`,

  dialog: {
    without: 'Clips without a site',
    site: (site: string) => `Site ${site}`,
    whatToChange: 'What to change',
    parts: {
      name: 'Name',
      place: 'Coordinates',
      clock: 'Clock',
      zone: 'Time zone',
      times: 'Missing times',
    },
    nothing: 'Nothing to change.',
    done: (what: string, clips: number) => `${what} for ${counts.clips(clips)}.`,
    notChanged: (clips: number) => `${counts.clips(clips)} not changed.`,
  },

  name: {
    label: 'Name of the site',
    merges: 'The name of another site merges both.',
    there: (site: string, clips: number) =>
      `${site} is there already, with ${counts.clips(clips)}: both become one site.`,
    rename: 'Rename',
    merge: 'Merge',
    renamed: (site: string) => `Site is ${site}`,
    merged: (site: string) => `Merged into ${site}`,
  },

  place: {
    latitude: 'Latitude, decimal degrees',
    longitude: 'Longitude, decimal degrees',
    hint: 'WGS84, as GPS devices show it. South and west are negative. Leave both empty if not known.',
    saved: 'Coordinates saved',
    removed: 'Coordinates removed',
  },

  clock: {
    none: 'No clip of this site has a time that could be shifted.',
    hint: 'Give one moment whose true time you know: all times of this site move by the difference.',
    showed: 'The camera showed',
    really: 'It really was',
    earlier: (time: string) => `${time} earlier`,
    later: (time: string) => `${time} later`,
    done: (shift: string) => `Times are ${shift}`,
    preview: 'What changes',
    clip: 'Clip',
    now: 'Now',
    then: 'Then',
    will: (clips: number, shift: string) => `${counts.clips(clips)} will be ${shift}.`,
    passed: (clips: number) => `${counts.clips(clips)} without a time of day will not change.`,
    shift: 'Shift times',
  },

  zones: {
    label: 'Time zone of the camera’s clock',
    unknown: 'not known',
    example: 'For example +02:00 or Africa/Kinshasa.',
    localClock: 'The camera writes local time where its files claim UTC (most MP4)',
    saved: 'Time zone saved',
  },

  times: {
    fromStamp: 'From the stamp in the picture',
    stampHint:
      'Reads what the camera has written across the top or bottom of its pictures. Nothing changes before you say so.',
    read: 'Read the stamps',
    reading: (done: string, clips: string) => `Reading ${done} of ${clips}…`,
    found: (stamps: number, clips: string, differ: string) =>
      `${counted(stamps, 'stamp', 'stamps')} read in ${clips}; ${differ} differ from the time known.`,
    table: 'Times that stamps show',
    clip: 'Clip',
    known: 'Known',
    stamp: 'Stamp',
    useForTimeless: (clips: number) => `Use for ${counts.clips(clips)} without a time`,
    useForAll: (clips: string) => `Use for all ${clips} that differ`,
    stampsSaved: 'Times of the stamps saved',
    fromFile: 'From the date of the file',
    fileHint: 'The last resort: copies and downloads change it. Such times are marked here and in exports.',
    useFileDate: (clips: number) => `Use it for ${counts.clips(clips)} without a time`,
    fileDatesSaved: 'Times are the files’ dates',
  },
};
