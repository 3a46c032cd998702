import type { LatePolicy } from '@primatrix/contracts';
import { InvalidArgumentError, Option } from 'commander';

/** An option parser for whole numbers within limits, with a message that says the rule. */
export function wholeNumber(range: { readonly min: number; readonly max?: number }): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < range.min || value > (range.max ?? Number.MAX_SAFE_INTEGER)) {
      const upper = range.max === undefined ? '' : ` to ${range.max}`;
      throw new InvalidArgumentError(`It must be a whole number from ${range.min}${upper}, got '${text}'.`);
    }
    return value;
  };
}

/** Collects an option that can be given again. */
export function several(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** An option parser for numbers above 0 and below 1e9. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1e9)) {
    throw new InvalidArgumentError(`It must be a number above 0, got '${text}'.`);
  }
  return value;
}

/** An option parser for shares, `5%` or `0.05`: 0 to below 1. */
export function share(text: string): number {
  const [, number, percent] = /^(\d+(?:\.\d+)?|\.\d+)\s*(%?)$/.exec(text.trim()) ?? [];
  const value = Number(number) / (percent === '%' ? 100 : 1);
  if (!(value >= 0 && value < 1)) {
    throw new InvalidArgumentError(`It must be a share below 1, such as 5% or 0.05, got '${text}'.`);
  }
  return value;
}

/** An option whose value is one of a list. */
export function choice(flags: string, description: string, values: readonly string[], fallback: string): Option {
  return new Option(flags, description).choices([...values]).default(fallback);
}

/** Parses an option that holds a JSON object. */
export function jsonObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`It must be JSON: ${(error as Error).message}.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidArgumentError(`It must be a JSON object, got '${text}'.`);
  }
  return value as Record<string, unknown>;
}

/**
 * Parses one of the options that say together how long families are waited for: `60` (seconds; `wait` for without end), or for one
 * of them `net-vgg16-gru=60`.
 */
export function latePolicy(text: string, before: LatePolicy = { withoutAfterMs: null, parts: {} }): LatePolicy {
  const [, part, limit = ''] = /^(?:([a-z0-9-]+)=)?(.*)$/.exec(text) ?? [];
  const ms = limit === 'wait' ? null : 1000 * wholeNumber({ min: 1, max: 365 * 24 * 60 * 60 })(limit);
  return part === undefined ? { ...before, withoutAfterMs: ms } : { ...before, parts: { ...before.parts, [part]: ms } };
}
