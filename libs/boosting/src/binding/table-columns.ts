import type { ErrorMakers } from './errors.ts';
import type { LabelledTable } from './native-dataset.ts';

/** One finite float a row, at least `least` (0 or -Infinity); throws the binding's input error otherwise. */
export function oneARow(
  name: string,
  values: ArrayLike<number>,
  rows: number,
  least: number,
  errors: ErrorMakers,
): Float32Array {
  if (values.length !== rows) {
    throw errors.input(name, `${name} must be one a row, ${rows} in all, got ${values.length}`);
  }
  const result = Float32Array.from(values);
  const bad = result.findIndex((value) => !Number.isFinite(value) || value < least);
  if (bad >= 0) {
    throw errors.input(
      name,
      `${name} must be finite${least === 0 ? ' and not negative' : ''}, got ${values[bad]} in row ${bad}`,
    );
  }
  return result;
}

/** Labels and weights as libraries take them; throws the binding's input error for what they cannot be. */
export function labelsAndWeights(
  { labels, weights, rows }: LabelledTable,
  errors: ErrorMakers,
): { readonly labels: Float32Array; readonly weights: Float32Array | undefined } {
  return {
    labels: oneARow('labels', labels, rows, -Infinity, errors),
    weights: weights === undefined ? undefined : oneARow('weights', weights, rows, 0, errors),
  };
}

/** What a library's model format cannot hold in a feature's name. */
export interface NameRule {
  readonly forbidden: RegExp;
  /** After "must not be empty or hold". */
  readonly words: string;
}

/**
 * Checks the names of columns.
 * @throws the binding's input error unless there is one name a column, each once and without what the format forbids
 */
export function checkFeatureNames(
  names: readonly string[],
  columns: number,
  { forbidden, words }: NameRule,
  errors: ErrorMakers,
): void {
  if (names.length !== columns) {
    throw errors.input('featureNames', `featureNames must be one a column, ${columns} in all, got ${names.length}`);
  }
  const bad = names.find((name) => name === '' || forbidden.test(name));
  if (bad !== undefined) {
    throw errors.input('featureNames', `a feature name must not be empty or hold ${words}, got ${JSON.stringify(bad)}`);
  }
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw errors.input('featureNames', `feature names must differ, got '${name}' twice`);
    seen.add(name);
  }
}

/** The numbers of columns given by number or name; throws the binding's input error for one that is not there. */
export function columnNumbers(
  categorical: readonly (number | string)[],
  names: readonly string[],
  errors: ErrorMakers,
): number[] {
  return categorical.map((column) => {
    const index = typeof column === 'string' ? names.indexOf(column) : column;
    if (!Number.isInteger(index) || index < 0 || index >= names.length) {
      throw errors.input('categorical', `there is no column ${JSON.stringify(column)} to be categorical`);
    }
    return index;
  });
}
