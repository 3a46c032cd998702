import type { ClipDetail, Decision, Finding, Observation } from '@primatrix/review-api';

type Group = NonNullable<ClipDetail['seen']>['sightings'][number]['group'];

/** Names for what the gateway tells by a code. */
export const names = {
  decisions: {
    accepted: 'accepted',
    corrected: 'corrected',
    blank: 'blank',
    unsure: 'unsure',
    open: 'not decided',
  } satisfies Record<Decision, string>,
  /** What detectors tell apart, and clips that show nothing: classes by these names are data, and are shown as this. */
  classes: { blank: 'blank', animal: 'animal', person: 'person', human: 'human', vehicle: 'vehicle' } satisfies Record<
    Group | 'human' | 'blank',
    string
  >,
  lifeStages: { adult: 'adult', subadult: 'subadult', juvenile: 'juvenile' } satisfies Record<
    NonNullable<Observation['lifeStage']>,
    string
  >,
  sexes: { female: 'female', male: 'male' } satisfies Record<NonNullable<Observation['sex']>, string>,
  /** Proposed for what an animal does; kept in English, as exports are. */
  behaviours: {
    feeding: 'feeding',
    travelling: 'travelling',
    resting: 'resting',
    grooming: 'grooming',
    playing: 'playing',
    fighting: 'fighting',
    mating: 'mating',
    'reacts to the camera': 'reacts to the camera',
  },
  findings: {
    'copied-twice': 'Copied twice',
    'clock-reset': 'Clock reset',
    'clock-ahead': 'Clock ahead',
    'stuck-trigger': 'Stuck trigger',
    moved: 'Camera moved',
    covered: 'Lens covered',
  } satisfies Record<Finding['kind'], string>,
  /** What is wrong with a file. */
  faults: {
    missing: 'there is no such file any more',
    unreadable: 'the file cannot be opened',
    empty: 'the file is empty',
    'not-media': 'not a video, picture or sound file',
    'no-video': 'the file has no pictures',
    'no-sound': 'the file has no sound',
    'no-frames': 'none of its pictures can be decoded',
    truncated: 'the file ends early',
    damaged: 'the file is damaged',
    'too-large': 'larger than what is allowed',
    'timed-out': 'decoding took too long',
    incomplete: 'a service gave no answer',
    'tool-failed': 'ffmpeg failed',
    internal: 'an error of Primatrix',
  } satisfies Record<NonNullable<ClipDetail['fault']>, string>,
  noSite: 'no site',
};
