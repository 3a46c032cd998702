import { fitLinearProbe, nearestNeighbours, type LabelledRows, type Rows } from '@primatrix/few-labels';

/**
 * The mean of a probe and nearest neighbours, as `predict --labels` answers. The product chooses the probe's strength by labelled clips that
 * are left out, from two a class on; here it is fixed, which a draw of hundreds can afford.
 * @param all rows that there are, labelled or not, which say how far columns vary
 * @returns [asked, classes]
 */
export async function fewLabelsAnswer(
  known: LabelledRows,
  asked: Rows,
  { all, strength }: { readonly all: Rows; readonly strength: number },
): Promise<Float64Array> {
  const probe = await fitLinearProbe(known, { strength, scaledBy: all });
  const neighbours = await nearestNeighbours(known, asked);
  return (await probe.predict(asked)).map((p, i) => (p + (neighbours[i] ?? Number.NaN)) / 2);
}
