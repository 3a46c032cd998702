import { LightgbmModelError } from './errors.ts';

const [newline, carriageReturn, space, equals, minus, plus, dot, zero, nine] = Buffer.from('\n\r =-+.09');
/** Of the letters, what sets capitals apart. */
const smallLetter = 0x20;
const [letterA, letterE, letterF, letterI, letterN] = Buffer.from('aefin');

/** Where a value stands: the first byte, and the one behind the last. */
type Place = readonly [from: number, to: number];

/** `name=value`, line by line, in a part of a model's text. Values are read where they stand, as most are lists of thousands of numbers. */
export class TextEntries {
  /** For messages. */
  readonly #where: string;
  readonly #text: Buffer;
  readonly #places = new Map<string, Place>();

  /**
   * @param text bytes `from` up to `to` of it
   * @param bare whether a line may be a name alone
   * @throws LightgbmModelError where a name stands there twice, or a line has no value
   */
  constructor(
    text: Buffer,
    [from, to]: Place,
    { where, bare = false }: { readonly where: string; readonly bare?: boolean },
  ) {
    this.#text = text;
    this.#where = where;
    for (let start = from; start < to;) {
      const found = text.indexOf(newline as number, start);
      const next = found < 0 || found >= to ? to : found;
      const end = next < to && next > start && text[next - 1] === carriageReturn ? next - 1 : next;
      if (end > start) this.#add(start, end, bare);
      start = next + 1;
    }
  }

  #add(start: number, end: number, bare: boolean): void {
    const found = this.#text.indexOf(equals as number, start);
    const named = found >= 0 && found < end;
    if (!named && !bare) {
      const line = this.#text.toString('utf8', start, Math.min(end, start + 80));
      throw new LightgbmModelError(this.#where, `the line ${JSON.stringify(line)} has no value`);
    }
    const nameEnd = named ? found : end;
    // By bytes: no two names are one.
    const name = this.#text.toString('latin1', start, nameEnd);
    if (this.#places.has(name)) {
      throw new LightgbmModelError(this.#where, `${name.slice(0, 40)} stands there twice`);
    }
    this.#places.set(name, [named ? found + 1 : end, end]);
  }

  /** How many lines there are. */
  get size(): number {
    return this.#places.size;
  }

  has(name: string): boolean {
    return this.#places.has(name);
  }

  /** The value as it stands; undefined where there is none of that name. */
  get(name: string): string | undefined {
    const place = this.#places.get(name);
    return place === undefined ? undefined : this.#text.toString('utf8', ...place);
  }

  /** The words of a list; none where there is none of that name. */
  words(name: string): string[] {
    return (this.get(name) ?? '').split(' ').filter((word) => word !== '');
  }

  /**
   * A whole number without a sign.
   * @throws LightgbmModelError unless it is there, and lies from `least` to `most`
   */
  whole(name: string, least: number, most: number): number {
    const word = this.get(name) ?? 'nothing';
    const value = Number(word);
    if (!/^\d+$/.test(word) || value < least || value > most) {
      throw new LightgbmModelError(
        this.#where,
        `${name} must be a whole number from ${least} to ${most}, got ${word.slice(0, 40)}`,
      );
    }
    return value;
  }

  /**
   * A list of whole numbers; empty where there is none of that name. Above 2^53 they are only nearly those that stand there.
   * @throws LightgbmModelError where a word is something else
   */
  integers(name: string): Float64Array {
    const [from, to] = this.#places.get(name) ?? [0, 0];
    const text = this.#text;
    const values = new Float64Array(Math.ceil((to - from) / 2));
    let count = 0;
    for (let at = from; at < to;) {
      if (text[at] === space) {
        at++;
        continue;
      }
      const start = at;
      const negative = text[at] === minus;
      if (negative) at++;
      const digits = at;
      let value = 0;
      for (; at < to && isDigit(text[at] as number); at++) value = value * 10 + (text[at] as number) - (zero as number);
      if (at === digits || (at < to && text[at] !== space)) throw this.#wrong(name, 'whole numbers', start);
      values[count++] = negative ? -value : value;
    }
    return values.subarray(0, count);
  }

  /**
   * How many numbers a list has; 0 where there is none of that name. LightGBM aborts the process over some texts that are no numbers.
   * @throws LightgbmModelError where a word is none
   */
  countNumbers(name: string): number {
    const [from, to] = this.#places.get(name) ?? [0, 0];
    const text = this.#text;
    let count = 0;
    for (let at = from; at < to;) {
      if (text[at] === space) {
        at++;
        continue;
      }
      const end = endOfNumber(text, at, to);
      if (end < 0 || (end < to && text[end] !== space)) throw this.#wrong(name, 'numbers', at);
      count++;
      at = end;
    }
    return count;
  }

  #wrong(name: string, wanted: string, start: number): LightgbmModelError {
    const [word = ''] = this.#text.toString('utf8', start, start + 40).split(/[ \n]/);
    return new LightgbmModelError(this.#where, `${name} must hold ${wanted}, got ${word}`);
  }
}

function isDigit(byte: number): boolean {
  return byte >= (zero as number) && byte <= (nine as number);
}

function digitsFrom(text: Buffer, at: number, to: number): number {
  while (at < to && isDigit(text[at] as number)) at++;
  return at;
}

/** The byte behind what reads `[+-]?(digits[.digits][e[+-]digits]|inf|nan)`, capitals or not; -1 where that does not stand at `at`. */
function endOfNumber(text: Buffer, at: number, to: number): number {
  let start = at;
  if (text[start] === minus || text[start] === plus) start++;
  let end = digitsFrom(text, start, to);
  if (end === start) return endOfWord(text, start, to);
  if (end < to && text[end] === dot) end = digitsFrom(text, end + 1, to);
  if (end < to && ((text[end] as number) | smallLetter) === letterE) {
    let exponent = end + 1;
    if (text[exponent] === minus || text[exponent] === plus) exponent++;
    const last = digitsFrom(text, exponent, to);
    if (last === exponent) return -1;
    end = last;
  }
  return end;
}

function endOfWord(text: Buffer, at: number, to: number): number {
  if (at + 3 > to) return -1;
  const [first, second, third] = [0, 1, 2].map((i) => (text[at + i] as number) | smallLetter);
  const inf = first === letterI && second === letterN && third === letterF;
  const nan = first === letterN && second === letterA && third === letterN;
  return inf || nan ? at + 3 : -1;
}
