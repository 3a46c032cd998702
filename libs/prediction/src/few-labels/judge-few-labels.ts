import { siteGroups } from '@primatrix/dataset';
import type { EnsembleFamily, EnsembleMember } from '@primatrix/families';
import { chooseStrength, leaveGroupsOut, type LabelledRows, type Rows } from '@primatrix/few-labels';
import { accuracy, logLoss, standardErrors, type StandardErrors } from '@primatrix/metrics';
import { evenWeights, fewLabelsMembers } from './few-labels-members.ts';

/** How good predictions from few labels are, by labelled clips that were left out. JSON. */
export interface FewLabelsScore {
  /** Labelled clips, and those of them that could be judged: others show their classes, too. */
  readonly labelled: number;
  readonly judged: number;
  /** Names of the classes that a labelled clip shows. */
  readonly classes: readonly string[];
  /** What was left out: sites' clips, or single clips; how many there are, and in how many parts they were left out. */
  readonly by: 'site' | 'clip';
  readonly groups: number;
  readonly parts: number;
  /** Of the probe: `C` as scikit-learn has it. */
  readonly strength: number;
  /** Null where no clip could be judged. */
  readonly score: {
    readonly accuracy: number;
    readonly logLoss: number;
    readonly standardError: StandardErrors;
    /** Accuracy by member. */
    readonly members: Readonly<Record<string, number>>;
  } | null;
}

/** Labelled clips, predicted by what saw neither them nor, where sites are known, their site. */
export interface JudgedFewLabels {
  readonly score: FewLabelsScore;
  /** [labelled, classes] by member; NaN in rows that nothing could predict. */
  readonly outOfFold: readonly EnsembleMember[];
  /** Positions of the labelled clips that were judged. */
  readonly judged: readonly number[];
}

/** Where more is to be left out one by one, it is in as many parts as folds usually are. */
const mostParts = 100;
const usualParts = 10;

/**
 * Says by labelled clips that are left out what predictions from few labels are worth.
 * @param of.scaledBy all rows that there are
 * @param of.sites of the labelled clips; undefined where unknown
 */
export async function judgeFewLabels(
  known: LabelledRows,
  of: {
    readonly scaledBy: Rows;
    readonly sites: readonly (string | undefined)[];
    readonly classes: readonly string[];
    readonly ensemble: Pick<EnsembleFamily, 'combine'>;
  },
): Promise<JudgedFewLabels> {
  const { scaledBy, classes } = of;
  const { groupOf, by, count } = groupsOf(of.sites);
  const names = Array.from(groupOf, String);
  const parts = count > mostParts ? usualParts : count;
  const strength = await chooseStrength(known, names, { scaledBy });
  const outOfFold: EnsembleMember[] = [];
  let judged: readonly number[] = [];
  for (const [name, predict] of fewLabelsMembers) {
    const left = await leaveGroupsOut(known, names, {
      parts,
      predict: (train, rows) => predict(train, rows, { strength, scaledBy }),
    });
    outOfFold.push({ name, probabilities: left.probabilities });
    judged = left.judged;
  }
  const judgedRows = <Values extends Float64Array | Uint8Array>(values: Values) =>
    judged.flatMap((row) => [...values.subarray(row * classes.length, (row + 1) * classes.length)]);
  const scored = (probabilities: Float64Array) => ({
    classes,
    predictions: Float64Array.from(judgedRows(probabilities)),
    labels: Uint8Array.from(judgedRows(known.labels)),
  });
  const final = scored(of.ensemble.combine(outOfFold, evenWeights(outOfFold)));
  const { groupOf: groups } = siteGroups(judged.map((row) => ({ site: names[row] })));
  return {
    outOfFold,
    judged,
    score: {
      labelled: known.rows,
      judged: judged.length,
      classes: classes.filter((_, c) => known.labels.some((label, i) => label === 1 && i % classes.length === c)),
      by,
      groups: count,
      parts,
      strength,
      score:
        judged.length === 0
          ? null
          : {
              accuracy: accuracy(final),
              logLoss: logLoss(final),
              standardError: standardErrors(final, { groups }),
              members: Object.fromEntries(
                outOfFold.map(({ name, probabilities }) => [name, accuracy(scored(probabilities))]),
              ),
            },
    },
  };
}

/** Sites, where there are two or more; else each clip is left out by itself. */
function groupsOf(sites: readonly (string | undefined)[]) {
  const { groupOf, groups, bySite } = siteGroups(sites.map((site) => ({ site })));
  if (bySite && groups > 1) return { groupOf, by: 'site', count: groups } as const;
  return { groupOf: Uint32Array.from(sites.keys()), by: 'clip', count: sites.length } as const;
}
