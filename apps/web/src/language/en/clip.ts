import { counts } from './counts.ts';

/** The page of one clip: player, facts, review, predictions, neighbours. */
export const clip = {
  previous: 'Previous',
  next: 'Next',
  shortcuts: 'Keyboard shortcuts',
  thisClip: 'This clip',
  wasLast: 'That was the last clip of this list.',

  player: {
    broken: 'This clip cannot be played.',
    picture: (name: string) => `Picture ${name}`,
    sound: (name: string) => `Sound ${name}`,
    video: (name: string) => `Clip ${name}`,
  },

  detections: {
    title: 'Detections',
    boxes: 'Boxes',
    nothing: (model: string) => `${model} detected nothing.`,
    next: 'Next detection',
  },

  sounds: {
    title: 'Sounds',
    heard: (model: string) => `${model} heard:`,
    nothing: (model: string) => `${model} recognised no sound.`,
  },

  facts: {
    noSite: 'site unknown',
    site: (site: string) => `site ${site}`,
    noTime: 'time unknown',
    fps: (fps: string) => `${fps} frames per second`,
    differ: (points: string) => `models differ by up to ${points}`,
    unreadable: (reason: string) => `Cannot be read: ${reason}.`,
    incomplete: (reason: string) => `Incomplete: ${reason}.`,
    note: 'Note…',
    setting: 'Site and time…',
    retry: 'Retry',
    retryWhen: 'For example once the file was replaced',
    remove: 'Remove…',
  },

  setting: {
    title: 'Site and time',
    site: 'Site',
    time: 'Capture time',
    timeHint: 'As the camera’s clock showed it. Empty: as the file states it.',
  },

  review: {
    title: 'Review',
    question: 'What does it show?',
    decided: (decision: string, species: string) => `${decision}: ${species}`,
    by: (person: string) => `by ${person}`,
    decision: 'Decision',
    save: (species: string) => `Save ${species}`,
    accept: (species: string) => `Accept ${species}`,
    blank: 'Blank',
    unsure: 'Unsure',
    clear: 'Clear',
    clearHint: 'The clip is not decided any more',
    species: 'Species',
    another: 'Another species',
    add: 'Add',
    details: 'Count, sex, behaviour…',
    suggested: (species: string) => `Suggested: ${species}`,
  },

  predictions: {
    title: 'Model predictions',
    species: 'Species',
    model: 'model',
    meanOfModels: 'mean of models',
    ensemble: 'ensemble',
    net: 'net',
    stacker: 'stacker',
    fewer: 'Show fewer',
    all: (species: number) => `Show all ${counts.species(species)}`,
  },

  neighbours: {
    title: 'Before and after at this site',
    noTime: 'No capture time for this clip: add clips.csv, or set a time.',
    alone: 'No other clip of this site has a capture time.',
    thisClip: 'this clip',
  },

  signals: {
    motion: 'Motion',
    motionPeak: (bits: string, at: string, length: string) =>
      `Motion over time: most (${bits} bits of 64 changed) at ${at} of ${length}`,
    loudness: 'Loudness',
    loudnessPeak: (share: string, at: string, length: string) =>
      `Loudness over time: most (${share} of full scale) at ${at} of ${length}`,
    measuring: 'Measuring motion and sound…',
    unmeasured: (reason: string) => `Motion and sound cannot be measured: ${reason}`,
    spectrogram: 'Spectrogram',
    undrawn: (reason: string) => `The sound cannot be drawn: ${reason}`,
    drawing: 'Drawing the sound…',
    silent: 'This clip has no sound.',
    heard: (heard: {
      readonly length: string;
      readonly lowest: string;
      readonly highest: string;
      readonly at: string;
      readonly loudest: string;
      readonly decibels: number;
      readonly most: string;
    }) =>
      `Spectrogram of ${heard.length} of sound, ${heard.lowest} to ${heard.highest}: loudest at ${heard.at} around ${heard.loudest} (${heard.decibels} dB of full scale); over all of it most around ${heard.most}`,
  },
};
