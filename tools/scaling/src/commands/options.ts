import { UsageError } from '@primatrix/contracts';

/** A number that an option was given. @throws UsageError SCALING_OPTION */
export function numberOption(
  name: string,
  text: string,
  { min, max = Infinity, whole = false }: { readonly min: number; readonly max?: number; readonly whole?: boolean },
): number {
  const value = Number(text);
  if (
    text.trim() !== '' &&
    Number.isFinite(value) &&
    value >= min &&
    value <= max &&
    (!whole || Number.isSafeInteger(value))
  ) {
    return value;
  }
  const range = max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new UsageError(
    'SCALING_OPTION',
    `scaling: --${name} must be a ${whole ? 'whole ' : ''}number ${range}, got '${text}'`,
  );
}

/** One of several words that an option was given. @throws UsageError SCALING_OPTION */
export function choiceOption<T extends string>(name: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) {
    throw new UsageError('SCALING_OPTION', `scaling: --${name} must be one of ${choices.join(', ')}, got '${text}'`);
  }
  return found;
}
