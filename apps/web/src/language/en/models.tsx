import type { ReactNode } from 'react';
import type { TrainingEffort } from '@primatrix/review-api';
import { counts } from './counts.ts';

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
    impossible: (reason: string) => `Not yet: ${reason}.`,
    failed: (reason: string) => `The last training failed: ${reason}`,
    progress: 'Training',
    stop: 'Stop',
    step: (step: number, all: number, note: string) => `Step ${step} of ${all}: ${note}`,
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
    progress: 'Looking at clips for suggestions',
    done: (done: string, clips: string) => `${done} of ${clips} looked at`,
    trouble: (reason: string) => `No suggestions: ${reason}`,
    labels: (clips: number, species: number) => `${counts.reviewedClips(clips)} of ${counts.species(species)}`,
    unknownWorth: 'What they are worth cannot be said before a species has two clips.',
    worthBySite: (share: string, clips: string) => `${share} right on ${clips} left out by site.`,
    worthByClip: (share: string, clips: string) => `${share} right on ${clips} left out by clip.`,
  },
};
