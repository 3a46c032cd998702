import type { ReactNode } from 'react';
import type { TrainingEffort } from '@primatrix/review-api';
import { counts } from './counts.ts';
import { number } from './formats.ts';

/** Models of the project: suggestions, training, and which of them predicts. */
export const models = {
  title: 'Models',
  ofProject: 'Models of this project',
  opening: (model: string) => `Opening the project with ${model}…`,
  hint: 'Another model analyses the clips anew. Reviews stay, and so do the predictions of the model before: going back costs nothing.',

  button: {
    train: 'Train my model',
    training: (share: string) => `Training, ${share}`,
    trainingFailed: 'Training failed',
    retrain: 'Retrain',
    retrainWith: (clips: number) => `Retrain with ${counts.reviewedClips(clips)}`,
    retraining: (share: string) => `Retraining, ${share}`,
    ready: 'New model is ready',
    retrainingFailed: 'Retraining failed',
    fresh: (clips: string) => `${clips} new`,
    sinceLast: (clips: number) => `${counts.clips(clips)} reviewed since the last retraining`,
  },

  list: {
    model: 'Model',
    trained: 'Trained',
    on: 'On',
    right: 'Right, on clips left out',
    use: 'Use',
    notHere: 'not here',
    report: 'Report',
    reportOf: (model: string) => `of ${model}`,
    inUse: 'in use',
    useIt: 'Use it',
    useModel: (model: string) => `Use it: ${model}`,
    before: (share: string, clips: string) => `(the model in use then: ${share} of ${clips})`,
    notMeasured: 'not measured here',
    score: (share: string, clips: string) => `${share} of ${clips}`,
    bySite: (score: string) => `${score}, sites left out`,
    oneSite: (score: string) => `${score}, all of one site`,
  },

  training: {
    title: 'Train my model',
    none: 'No reviewed clip yet.',
    clips: (clips: number, species: string, sites: number) =>
      `${counts.reviewedClips(clips)}: ${species}. ${counts.sites(sites)}.`,
    lacks: {
      none: 'Not yet: review clips of two species at least, blank among them.',
      species: (only: string) => `Not yet: all reviewed clips are ${only}, there is nothing to tell apart.`,
      clips: (least: number, clips: number) =>
        `Not yet: a training needs ${counts.reviewedClips(least)}, there are ${number(clips)}.`,
    },
    advice: {
      rare: (wanted: number, species: string) =>
        `Fewer than ${counts.clips(wanted)}: ${species}. What the score says of these species is a rough guess; review more of them.`,
      oneSite:
        'All reviewed clips are from one site: the score will not tell how the model does at other sites. Review clips of a second site.',
      sites: (sites: number, wanted: number) =>
        `Reviewed clips come from ${counts.sites(sites)}: with ${number(wanted)} or more the score says more about new sites.`,
    },
    failed: (reason: string) => `The last training failed: ${reason}`,
    progress: 'Training',
    stop: 'Stop',
    step: (step: number, all: number, part: string) => `Step ${step} of ${all}: ${part}`,
    part: (does: string, family: string) => (family === '' ? does : `${does} (${family})`),
    parts: {
      prepare: 'preparing, once',
      ingest: 'reading clips',
      features: 'making features',
      'train-fold': 'training',
      validate: 'checking on clips left out',
      predict: 'predicting',
      means: 'comparing neighbouring clips',
      table: 'collecting all columns',
      stack: 'stacking',
      'site-check': 'comparing sites',
      fit: 'weighing all models',
      bundle: 'writing the model',
      report: 'writing the report',
    },
    goOn: 'You can go on reviewing, or close Primatrix: the training goes on at the next start.',
    effort: 'How much is trained',
    efforts: {
      quick: 'Quick: one net',
      thorough: 'Thorough: all nets of a laptop, several times as long',
    } satisfies Record<TrainingEffort, string>,
  },

  suggestions: {
    title: 'Suggestions',
    needEncoder: (command: ReactNode) => (
      <>With an image encoder installed, one reviewed clip a species is enough for suggestions: see {command}.</>
    ),
    needClips: 'Review one clip of each of two species, blank among them: then the others get suggestions.',
    basis: (clips: string, model: string, worth: string) => `Suggestions from ${clips}, by ${model}. ${worth}`,
    from: (clips: string, worth: string) => `From ${clips}. ${worth}`,
    progress: 'Analysing clips for suggestions',
    done: (done: string, clips: string) => `${done} of ${clips} analysed`,
    trouble: (reason: string) => `No suggestions: ${reason}`,
    labels: (clips: number, species: number) => `${counts.reviewedClips(clips)} of ${counts.species(species)}`,
    unknownWorth: 'What they are worth cannot be said before a species has two clips.',
    worthBySite: (share: string, clips: string) => `${share} right on ${clips} left out by site.`,
    worthByClip: (share: string, clips: string) => `${share} right on ${clips} left out by clip.`,
  },
};
