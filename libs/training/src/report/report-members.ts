import { averagePrecision, topK } from '@primatrix/metrics';
import type { ReportMember } from '@primatrix/report';
import type { Training } from '../plan/training.ts';
import { clipScores, estimate, siteNumbers } from '../site-check/clip-scores.ts';
import type { ScoredMember } from './scored-members.ts';

/** Scores of every member, with standard errors from the spread between sites. */
export function reportMembers(
  { dataset, seed }: Training,
  members: readonly ScoredMember[],
  weights: Readonly<Record<string, number>>,
): ReportMember[] {
  return members.map((member) => {
    const groups = siteNumbers(dataset, member.filenames);
    const scores = clipScores(member);
    return {
      name: member.name,
      kind: member.kind,
      clips: member.filenames.length,
      logLoss: estimate(scores.logLoss, groups, seed),
      accuracy: estimate(scores.accuracy, groups, seed),
      top3: member.classes.length > 3 ? topK(member, 3) : null,
      averagePrecision: Array.from(averagePrecision(member), (precision) =>
        Number.isNaN(precision) ? null : precision,
      ),
      weight: weights[member.name] ?? null,
    };
  });
}
