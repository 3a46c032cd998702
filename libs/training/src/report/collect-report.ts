import { confusionMatrix, shareLogLoss } from '@primatrix/metrics';
import type { ReportData } from '@primatrix/report';
import { trainedNets } from '../nets/trained-nets.ts';
import { familySet, type Training } from '../plan/training.ts';
import { memberName } from '../second-level/stack.ts';
import { readSiteCheck } from '../site-check/site-check.ts';
import { reportBackgrounds } from './report-backgrounds.ts';
import { reportCurve } from './report-curves.ts';
import { reportImportance } from './report-importance.ts';
import { reportMembers } from './report-members.ts';
import { reportMistakes } from './report-mistakes.ts';
import { reportReliability } from './report-reliability.ts';
import { reportSites } from './report-sites.ts';
import { reportThresholds } from './report-thresholds.ts';
import { reportDigests, reportVersions } from './report-versions.ts';
import { scoredMembers, type ScoredMember } from './scored-members.ts';
import { trainingOutcomes, trainingSummary } from './training-summary.ts';

/** Collects what the report shows from the artifacts of a training whose other stages have run. */
export async function collectReport(training: Training, signal: AbortSignal): Promise<ReportData> {
  const { artifacts, dataset, profile, folds, seed } = training;
  const { stacks } = familySet(training.families, profile);
  const nets = await trainedNets(training);
  const read = await trainingOutcomes(training);
  const summary = await trainingSummary(training, read);
  const { weights } = summary.ensemble;
  const members = await scoredMembers(training);
  const [ensemble] = members;
  const mistakes = await reportMistakes(training, ensemble, signal);
  const used = read.sources.filter(({ made }) => made);
  const untrained = used.filter(({ weights }) => weights.source === 'random');
  const stackers = stacks.flatMap((family) =>
    Object.keys(family.variants[profile]).map((variant) => memberName(family, variant)),
  );
  const count = (split: 'train' | 'test' | 'other') => dataset.clips.filter((clip) => clip.split === split).length;
  const positives = dataset.classes.map(
    (_, c) => ensemble.labels.filter((label, i) => i % dataset.classes.length === c && label === 1).length,
  );
  const backgrounds = reportBackgrounds(training, members);
  const sites = reportSites(training, ensemble);
  const siteCheck = await readSiteCheck(training);
  return {
    dataset: { name: dataset.name, digest: dataset.digest },
    ...{ profile, folds, seed, positives },
    classes: dataset.classes,
    clips: { labelled: count('train'), test: count('test'), other: count('other') },
    siteCount: sites.length,
    shareLogLoss: shareLogLoss(positives, ensemble.filenames.length),
    untrained: untrained.map(({ feature, weights: { note } }) => ({
      feature,
      note,
      readBy: nets.filter((net) => net.settings[profile].feature === feature).map(({ name }) => name),
    })),
    warnings: summary.warnings.filter(
      (warning) => !untrained.some(({ feature }) => warning.startsWith(`${feature}: `)),
    ),
    members: reportMembers(training, members, weights),
    ...(backgrounds.length === 0 ? {} : { backgrounds }),
    curves: await Promise.all(nets.map(({ name }) => reportCurve(artifacts, name))),
    confusion: confusionOf(ensemble),
    reliability: await reportReliability(artifacts, ensemble),
    importance: await Promise.all(stackers.map((member) => reportImportance(artifacts, member))),
    mistakes: mistakes.shown,
    mistakeCount: mistakes.all,
    peopleBlurred: mistakes.peopleBlurred,
    sites,
    siteCheck: 'impossible' in siteCheck ? siteCheck.impossible : siteCheck,
    thresholds: await reportThresholds(artifacts, ensemble),
    faults: summary.faults.map(({ filename, status, reason }) => ({ filename, status, reason })),
    versions: reportVersions(training),
    digests: await reportDigests(training, used),
  };
}

/** [true class][predicted class] */
function confusionOf(member: ScoredMember): number[][] {
  const { counts } = confusionMatrix(member);
  const width = member.classes.length;
  return Array.from({ length: width }, (_, row) => [...counts.subarray(row * width, (row + 1) * width)]);
}
