import type { ReportSite } from '@primatrix/report';
import type { Training } from '../plan/training.ts';
import { clipScores } from '../site-check/clip-scores.ts';
import type { ScoredMember } from './scored-members.ts';

/** How a member did at each site, by name; clips without a site are left out. */
export function reportSites({ dataset }: Training, member: ScoredMember): ReportSite[] {
  const siteOf = new Map(dataset.clips.map(({ filename, site }) => [filename, site]));
  const scores = clipScores(member);
  const rowsOf = new Map<string, number[]>();
  member.filenames.forEach((filename, row) => {
    const site = siteOf.get(filename);
    if (site === undefined) return;
    const rows = rowsOf.get(site);
    if (rows === undefined) rowsOf.set(site, [row]);
    else rows.push(row);
  });
  return [...rowsOf]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([site, rows]) => {
      const mean = (values: Float64Array) => rows.reduce((sum, row) => sum + (values[row] ?? 0), 0) / rows.length;
      return { site, clips: rows.length, logLoss: mean(scores.logLoss), accuracy: mean(scores.accuracy) };
    });
}
