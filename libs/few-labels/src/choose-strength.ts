import { leaveGroupsOut } from './leave-groups-out.ts';
import { fitLinearProbe, usualStrength, type ProbeOptions } from './linear-probe.ts';
import type { LabelledRows } from './rows.ts';

/** From weak to strong: ten times apart, since what is between changes little. */
const strengths = [0.001, 0.01, 0.1, 1, 10];
/** Fits a strength: the choice is coarse, and more would take longer to say the same. */
const parts = 5;

/**
 * The strength whose probes tell best what clips of other groups show: least log loss over clips whose group was left out.
 * @returns {@link usualStrength} where nothing can be judged, as with one labelled clip a class
 */
export async function chooseStrength(
  known: LabelledRows,
  groups: readonly string[],
  options: Omit<ProbeOptions, 'strength'> = {},
): Promise<number> {
  let best = { strength: usualStrength, loss: Number.POSITIVE_INFINITY };
  for (const strength of strengths) {
    const { probabilities, judged } = await leaveGroupsOut(known, groups, {
      parts,
      predict: async (train, rows) => (await fitLinearProbe(train, { ...options, strength })).predict(rows),
    });
    if (judged.length === 0) break;
    let loss = 0;
    for (const row of judged) {
      for (let at = row * known.classes; at < (row + 1) * known.classes; at++) {
        const p = known.labels[at] === 1 ? (probabilities[at] as number) : 1 - (probabilities[at] as number);
        loss -= Math.log(Math.max(1e-15, p));
      }
    }
    if (loss < best.loss) best = { strength, loss };
  }
  return best.strength;
}
