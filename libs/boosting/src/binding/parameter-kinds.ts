import { nearestName } from '@primatrix/contracts';
import type { ErrorMakers } from './errors.ts';

/** What a parameter's value may be; `integers` and `numbers` are lists, `texts` one text or a list of them. */
export interface ParamKinds {
  integer: number;
  number: number;
  boolean: boolean;
  text: string;
  integers: readonly number[];
  numbers: readonly number[];
  texts: string | readonly string[];
}

/** A library's parameters, and how to speak of them in errors. */
export interface ParameterTable {
  readonly kinds: Readonly<Record<string, keyof ParamKinds>>;
  /** Parameters that the binding has an option for: name to option. */
  readonly ownOptions: Readonly<Record<string, string>>;
  /** Other names a parameter is known by: name to the canonical one. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Where the names are listed. */
  readonly source: string;
}

/**
 * The given parameters as name and checked value, in the order given.
 * @throws the binding's input error for unknown names and values of the wrong kind
 */
export function checkedParameters(
  params: object,
  table: ParameterTable,
  errors: ErrorMakers,
): [name: string, value: unknown][] {
  const given = Object.entries(params as Record<string, unknown>).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (!Object.hasOwn(table.kinds, name)) {
      throw errors.input(name, `there is no parameter '${name}'`, hintFor(name, table));
    }
    const kind = table.kinds[name] as keyof ParamKinds;
    if (!fits(value, kind)) {
      throw errors.input(name, `parameter ${name} must be ${kindWords[kind]}, got ${JSON.stringify(value)}`);
    }
  }
  return given;
}

function fits(value: unknown, kind: keyof ParamKinds): boolean {
  const list = Array.isArray(value) ? (value as unknown[]) : undefined;
  switch (kind) {
    case 'integers':
      return list?.every(isInteger) ?? false;
    case 'numbers':
      return list?.every(isNumber) ?? false;
    case 'texts':
      return (list ?? [value]).every(isWord);
    case 'integer':
      return isInteger(value);
    case 'number':
      return isNumber(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'text':
      return isWord(value);
  }
}

const kindWords: Record<keyof ParamKinds, string> = {
  integer: 'a whole number of 32 bits',
  number: 'a finite number',
  boolean: 'true or false',
  text: 'a word without spaces',
  integers: 'a list of whole numbers',
  numbers: 'a list of finite numbers',
  texts: 'a word without spaces or a list of them',
};

function hintFor(name: string, { kinds, ownOptions, aliases, source }: ParameterTable): string {
  const own = Object.hasOwn(ownOptions, name) ? ownOptions[name] : undefined;
  if (own !== undefined) return `Use the option '${own}' instead.`;
  const alias = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
  const near = alias ?? nearestName(name, Object.keys(kinds));
  return near === undefined
    ? `Canonical names are listed in ${source}.`
    : `Did you mean '${near}'? Canonical names are listed in ${source}.`;
}

function isInteger(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[^\s=]+$/.test(value);
}
