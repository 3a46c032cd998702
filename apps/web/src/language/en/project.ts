import type { FamilyProgress, Progress } from '@primatrix/review-api';
import { counts } from './counts.ts';
import { counted } from './formats.ts';

/** What is done with a project: clips come in, prediction goes on, results go out. */
export const project = {
  queue: 'Review queue',

  add: {
    title: 'Add clips',
    folder: 'Folder on this computer, for example of a memory card',
    addFolder: 'Add folder',
    hint: 'Clips stay where they are. Each folder counts as a camera site, unless there is a clips.csv in it (filename, site, captured_at, latitude, longitude).',
    searching: 'Searching the folder…',
    added: (clips: number) => `${counts.clips(clips)} added`,
    known: (clips: number) => `${clips} known already`,
    skipped: (files: number) => `${counted(files, 'other file', 'other files')} left out`,
    refused: (file: string, reason: string) => `${file}: ${reason}`,
    notRead: (folder: string) => `not read: ${folder}`,
    tooLarge: (mebibytes: string) => `larger than ${mebibytes} MiB`,
    orDrop: 'Or drop clips or folders here, or',
    drop: 'Drop clips or folders here, or',
    select: 'Select clips',
    toUpload: 'Clips to upload',
    progress: 'Clips uploaded',
    uploaded: (done: number, clips: string) => `${done} of ${clips} uploaded`,
  },

  picker: {
    title: 'Choose a folder',
    browse: 'Browse…',
    places: 'Places',
    here: (folder: string, clips: number) => `${folder}: ${counts.clips(clips)} here`,
    folders: 'Folders',
    up: '↑ Up',
    use: 'Use this folder',
    below: 'Clips in folders below are found, too.',
  },

  progress: {
    stages: {
      idle: '',
      starting: 'Opening the model…',
      nets: 'Analysing',
      ensemble: 'Combining predictions of all clips…',
      stopped: 'Prediction has stopped',
    } satisfies Record<Progress['stage'], string>,
    noAnswer: 'The gateway does not answer; trying again…',
    hideFamilies: 'Hide families',
    byFamily: 'By family',
    stopped: (reason: string) => `Prediction has stopped: ${reason}`,
    allPredicted: 'all predicted',
    failed: (clips: string) => `${clips} failed`,
    progress: 'Clips predicted',
    doing: (stage: string, done: string, clips: string) => `${stage}: ${done} of ${clips}`,
    perMinute: (clips: string) => `${clips} per minute`,
    waiting: (what: string) => `Waiting for ${what}`,
  },

  families: {
    title: 'Progress by family',
    family: 'Family',
    does: 'Does',
    done: 'Clips done',
    time: 'Time per clip',
    parts: {
      ingest: 'reads the clip',
      features: 'features',
      nets: 'net',
      'second-level': 'second level',
    } satisfies Record<FamilyProgress['part'], string>,
    hint: 'Time per clip: the median of the last clips. The second level runs over all clips of a site, once no clip is waiting.',
  },

  exports: {
    title: 'Export',
    files: {
      'train_labels.csv': 'Labels of reviewed clips, for the next training',
      'observations.csv': 'What each clip shows: species, counts, behaviour, who decided',
      'clips.csv': 'Site, time and place of each clip',
      'deployments.csv': 'Sites: clips, first and last time, place, time zone',
      'predictions.csv': 'Probabilities of all species',
      'predictions.json': 'Predictions with boxes, for primatrix export: share clips with people blurred',
      'review.csv': 'Predictions and decisions side by side',
      'megadetector.json': 'Predictions and decisions for Timelapse (MegaDetector results)',
      'coco-camera-traps.json': 'Predictions and decisions as COCO Camera Traps',
    },
    filtered: 'filtered',
    filteredOf: (file: string) => `${file} of the filtered clips`,
    camtrap: 'Camtrap DP data package, with people’s decisions as human observations',
  },

  camtrap: {
    title: 'Camtrap DP package',
    zone: 'Time zone of the cameras’ clocks',
    unknown: 'not known',
    zoneForm: 'an offset as +02:00, or a name as Africa/Kinshasa',
    zoneHint: 'For example +02:00 or Africa/Kinshasa. Without it times are written as if UTC, and the package says so.',
    localClock: 'The cameras write local time where their files claim UTC (most MP4)',
    projectTitle: 'Title of the project',
    contributor: 'Who is to be named for the data',
    notStated: 'not stated',
    filtered: 'Filtered clips only',
    hint: 'Sites, times and coordinates are those that the project knows. What people decided stands as human observations, the rest as the ensemble’s.',
    download: 'Download',
  },
};
