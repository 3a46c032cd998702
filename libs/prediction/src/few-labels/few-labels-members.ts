import type { EnsembleMember } from '@primatrix/families';
import { fitLinearProbe, nearestNeighbours, type LabelledRows, type Rows } from '@primatrix/few-labels';

/** How members are fitted: the probe's strength, and all rows that there are, labelled or not, which say how far columns vary. */
export interface FewLabelsFit {
  readonly strength: number;
  readonly scaledBy: Rows;
}

type Predict = (train: LabelledRows, rows: Rows, fit: FewLabelsFit) => Promise<Float64Array>;

/** What predicts from few labels, by name; each counts as much as the others. */
export const fewLabelsMembers: readonly (readonly [name: string, predict: Predict])[] = [
  ['linear-probe', async (train, rows, fit) => (await fitLinearProbe(train, fit)).predict(rows)],
  ['neighbours', (train, rows) => nearestNeighbours(train, rows)],
];

/** Predicts rows with each member, fitted to the labelled ones. */
export async function predictMembers(train: LabelledRows, rows: Rows, fit: FewLabelsFit): Promise<EnsembleMember[]> {
  const members: EnsembleMember[] = [];
  for (const [name, predict] of fewLabelsMembers) {
    members.push({ name, probabilities: await predict(train, rows, fit) });
  }
  return members;
}

/** Weights by member: all alike. */
export function evenWeights(members: readonly EnsembleMember[]): Record<string, number> {
  return Object.fromEntries(members.map(({ name }) => [name, 1 / members.length]));
}
