import type { ReactNode } from 'react';
import { counts } from './counts.ts';
import { counted } from './formats.ts';

/** The first screen. */
export const setup = {
  claim: 'Sort, check and export the clips of camera traps. Nothing leaves this computer.',
  which: '1. Which clips?',
  uploadLater: 'You can upload clips once the project is open.',
  keptIn: (folder: string) => `Clips stay where they are. Predictions and reviews are kept in ${folder}.`,
  keptWithClips: (folder: string, clips: number) =>
    `Clips stay where they are. Predictions and reviews are kept in ${folder}, which has ${counts.clips(clips)} already.`,
  what: '2. What analyses them first?',
  nothing: 'Nothing that can analyse clips is installed yet.',
  download: 'Download a model',
  broken: (folders: number) => `${counted(folders, 'folder', 'folders')} of models cannot be used`,
  howLong: '3. How long will it take?',
  estimate: 'Estimate',
  estimating: 'Trying up to 20 clips…',
  noClips: 'There are no clips in this folder.',
  noneTried: (clips: number) => `${counts.clips(clips)}. None of them could be tried.`,
  estimated: (time: string, clips: number, tried: number) =>
    `${time} for ${counts.clips(clips)}, by ${counts.clips(tried)} tried on this computer.`,
  hours: 'Hours you have (optional)',
  fits: (frames: number, hours: string) =>
    `With ${counted(frames, 'frame', 'frames')} of each clip they fit into ${hours} h.`,
  fitsNot: (frames: number, hours: string) =>
    `With ${counted(frames, 'frame', 'frames')} of each clip they do not fit into ${hours} h.`,
  diskFor: (size: string) => `Their records need ${size}; copies for the player come as clips are opened.`,
  start: 'Start',
  opening: 'Opening…',
  notThere: 'The project was opened, but does not answer. Reload this page.',

  dial: {
    frames: (frames: number) => `Analyse at most ${counted(frames, 'frame', 'frames')} of each clip`,
    most: 'most frames',
    quickest: 'quickest',
    apart: (time: string) => `In a clip of a minute that is one every ${time}: what shows for less can be missed.`,
    title: 'Tried on this computer',
    atMost: 'Frames at most',
    time: 'All clips',
    perClip: 'Per clip',
    disk: 'Disk',
    showing: 'Not blank',
    quality:
      'What fewer frames miss has not been measured on labelled clips. Move the dial, and compare how many of the clips tried are not blank.',
  },

  source: {
    own: 'Your own model',
    classes: (classes: number, some: string) => `${counted(classes, 'class', 'classes')}: ${some}`,
    andMore: (some: string) => `${some} …`,
    measuring: 'measuring its speed here…',
    speed: (time: string) => `${time} per picture here`,
    unusable: (reason: string) => `cannot be used here: ${reason}`,
    thenName: 'Then name the animals with',
    nothingElse: 'nothing: animal, person, vehicle, blank',
    detector: 'finds animals, people and vehicles',
    classifier: 'names what a picture shows',
    licence: (licence: string) => `licence ${licence}`,
    commercialUnknown: 'commercial use not known',
    commercial: 'commercial use allowed',
    notCommercial: 'no commercial use',
  },

  offers: {
    download: 'Download',
    downloading: 'Downloading…',
    downloadModel: (model: string) => `Download ${model}`,
    coming: (model: string) => `${model} is being downloaded, checked and tried on this computer.`,
  },

  ways: {
    get: 'Get one of these, then reload this page:',
    orGet: 'Or get one of these, then reload this page:',
    detector: (command: ReactNode) => (
      <>a small detector of animals, people and vehicles, from the internet: {command}</>
    ),
    own: (command: ReactNode, folder: string) => (
      <>
        a detector or a classifier that you downloaded: {command} puts it into {folder}
      </>
    ),
    demo: (command: ReactNode) => (
      <>a small model to try things with, trained on drawn clips in some minutes: {command}</>
    ),
    train: (command: ReactNode) => <>a model of your own species, from labelled clips: {command}</>,
  },
};
