import type { StackFitInput, StackModel } from '@primatrix/families';
import { lastPositiveClass } from './last-positive-class.ts';
import { isOneVsRest, OneVsRest } from './one-vs-rest.ts';
import type { LoadModel, OpenTables } from './tree-tables.ts';

/**
 * How a clip of several classes is learnt. `last-positive`: as its last class, so that probabilities of a clip add to 1, as in
 * the original. `one-vs-rest`: as what it is, by one binary model a class.
 */
export const stackTargets = ['last-positive', 'one-vs-rest'] as const;
/** One of {@link stackTargets}. */
export type StackTarget = (typeof stackTargets)[number];

/**
 * Fits trees to the feature table.
 * @throws the library's, and the signal's reason
 */
export async function fitTrees(input: StackFitInput, target: StackTarget, open: OpenTables): Promise<StackModel> {
  const tables = await open(input);
  try {
    if (target === 'one-vs-rest') return await OneVsRest.fit(input, tables);
    return await tables.fit({
      kind: 'classes',
      labels: lastPositiveClass(input.labels, input.classes),
      validLabels: lastPositiveClass(input.validLabels, input.classes),
      onRound: (round, rounds) => input.onRound?.(round, rounds),
    });
  } finally {
    tables.dispose();
  }
}

/** Reads a fitted model back, whichever target it was fitted to. */
export function loadTrees(text: string, loadModel: LoadModel): Promise<StackModel> {
  return isOneVsRest(text) ? OneVsRest.load(text, loadModel) : loadModel(text);
}
