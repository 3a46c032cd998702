import { counts } from './counts.ts';
import { counted } from './formats.ts';

/** Retraining the second level, and what it came to. */
export const refit = {
  title: 'Retrain with your reviews',
  hint: 'Teach the model from your reviews. It takes about a minute; nothing changes until you choose “Use new model”.',
  impossible: (reason: string) => `Retraining is not possible here: ${reason}`,
  inUse: (at: string, clips: number) => `In use: the model retrained on ${at} with ${counts.reviewedClips(clips)}.`,
  failed: (reason: string) => `The last retraining failed: ${reason}`,
  progress: 'Retraining',
  stop: 'Stop',
  use: 'Use new model',
  drop: 'Keep the old model',
  unsure: (clips: number) => `${clips} unsure`,
  unknown: (clips: number) => `${clips} of a species that the model does not know: only a new training can learn it`,
  unread: (clips: number) => `${clips} not analysed yet`,
  none: 'No reviewed clip to learn from yet: accept, correct or mark clips blank first.',
  toLearn: (clips: number) => `${counts.reviewedClips(clips)} to learn from.`,
  toLearnSince: (clips: number, since: number) =>
    `${counts.reviewedClips(clips)} to learn from, ${since} of them since the last retraining.`,
  leftOut: (left: string) => `Left out: ${left}.`,

  scores: {
    reviewed: 'Reviewed clips',
    training: 'Training clips',
    done: (time: string, what: string) => `Retrained in ${time}: ${what}.`,
    added: (clips: number) => `${counts.reviewedClips(clips)} added`,
    relabelled: (clips: number) => `${counted(clips, 'training clip', 'training clips')} relabelled`,
    confirmed: (labels: number) => `${counted(labels, 'training label', 'training labels')} confirmed`,
    hint: 'Out of fold: by models that learned from no clip of the site. ± is one standard error; a lower log loss is better.',
    title: 'Scores',
    clips: 'Clips',
    logLoss: 'Log loss',
    right: 'Clips right',
    before: 'before',
    after: 'after',
    of: (clips: string) => `${clips}:`,
    oneSite:
      'all of one site, so progress there cannot be told from chance: what was learned from them shows at other sites only.',
    fewSites: (sites: number) => `Over ${counts.sites(sites)} even ± is a rough guess.`,
    noiseLower: (size: string, error: string) =>
      `log loss lower by ${size} ± ${error}, which is within noise: no better and no worse, as far as these clips can tell.`,
    noiseHigher: (size: string, error: string) =>
      `log loss higher by ${size} ± ${error}, which is within noise: no better and no worse, as far as these clips can tell.`,
    better: (size: string, error: string) => `better: log loss lower by ${size} ± ${error}, more than chance makes.`,
    worse: (size: string, error: string) =>
      `worse: log loss higher by ${size} ± ${error}, more than chance makes: check the reviews before you use it.`,
  },
};
