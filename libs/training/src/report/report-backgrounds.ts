import type { ReportBackground } from '@primatrix/report';
import { familySet, type Training } from '../plan/training.ts';
import { clipScores, estimate, siteNumbers } from '../site-check/clip-scores.ts';
import type { ScoredMember } from './scored-members.ts';

/** Scores of nets that read vectors without the background of each site, beside the same nets over the vectors as they are. */
export function reportBackgrounds(training: Training, members: readonly ScoredMember[]): ReportBackground[] {
  const { features, nets } = familySet(training.families, training.profile);
  const memberOf = new Map(members.map((member) => [member.name, member]));
  return features.flatMap(({ name, background }) => {
    if (background === undefined) return [];
    return nets.flatMap((net) => {
      if (net.settings[training.profile].feature !== name || !net.name.endsWith(`-${name}`)) return [];
      const bare = net.name.slice(0, -name.length - 1);
      const taken = memberOf.get(net.name);
      const whole = memberOf.get(`${bare}-${background.of}`) ?? memberOf.get(bare);
      return taken === undefined || whole === undefined ? [] : [compared(training, taken, whole)];
    });
  });
}

/** Clip by clip, on the clips that both predict: those are the same, as both are made of the same vectors. */
function compared({ dataset, seed }: Training, taken: ScoredMember, whole: ScoredMember): ReportBackground {
  const rowOf = new Map(whole.filenames.map((filename, row) => [filename, row]));
  const rows = taken.filenames.flatMap((filename, row) => {
    const other = rowOf.get(filename);
    return other === undefined ? [] : [{ filename, row, other }];
  });
  const groups = siteNumbers(
    dataset,
    rows.map(({ filename }) => filename),
  );
  const [own, others] = [clipScores(taken), clipScores(whole)];
  const score = (of: 'logLoss' | 'accuracy') => {
    const without = Float64Array.from(rows, ({ row }) => own[of][row] as number);
    const as = Float64Array.from(rows, ({ other }) => others[of][other] as number);
    return {
      asTheyAre: estimate(as, groups, seed),
      without: estimate(without, groups, seed),
      difference: estimate(
        without.map((value, i) => value - (as[i] as number)),
        groups,
        seed,
      ),
    };
  };
  return { net: whole.name, clips: rows.length, logLoss: score('logLoss'), accuracy: score('accuracy') };
}
