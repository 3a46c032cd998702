import { clipName } from '@primatrix/dataset';
import { ExchangeError } from '../exchange-error.ts';

/** What another program said of clips. */
export interface ClipResults {
  /** The form of the file. */
  readonly format: 'megadetector' | 'speciesnet' | 'zamba';
  /** Name and version of what made them, as the file says; empty where it does not. */
  readonly madeBy: string;
  readonly columns: readonly string[];
  /** [columns] by name as `clipName` spells it; NaN is missing. */
  readonly rows: ReadonlyMap<string, Float64Array>;
}

/** Longest name of a column; what is longer is no name. */
const longest = 200;

/** Puts rows of a file together: a clip has one, and each column a value where nothing was said. */
export class ResultRows {
  readonly #file: string;
  readonly #absent = new Map<string, number>();
  readonly #clips = new Map<string, ReadonlyMap<string, number> | null>();

  constructor(file: string) {
    this.#file = file;
  }

  /**
   * Makes a column known.
   * @param absent its value in a clip of which nothing is said in it: 0 of a score, NaN of a size
   * @returns its name, in one spelling
   */
  column(name: string, absent: number): string {
    const spelled = name.normalize('NFC').trim();
    if (spelled === '' || spelled.length > longest) {
      throw new ExchangeError(
        'EXCHANGE_VALUE',
        `${this.#file}: a class must have a name of 1 to ${longest} characters, got ${JSON.stringify(name.slice(0, 80))}`,
        'give the file as the program wrote it',
      );
    }
    this.#absent.set(spelled, absent);
    return spelled;
  }

  /** @param scores by column; null where the program failed @throws ExchangeError where the clip has a row already */
  add(file: string, scores: ReadonlyMap<string, number> | null): void {
    const name = clipName(file);
    if (this.#clips.has(name)) {
      throw new ExchangeError('EXCHANGE_VALUE', `${this.#file}: names ${name} twice`, 'keep one row a clip');
    }
    this.#clips.set(name, scores);
  }

  /** @throws ExchangeError where there is nothing */
  finish(format: ClipResults['format'], madeBy: string): ClipResults {
    if (this.#clips.size === 0 || this.#absent.size === 0) {
      throw new ExchangeError('EXCHANGE_EMPTY', `${this.#file}: no clip has results`, 'run the program on the clips');
    }
    const columns = [...this.#absent];
    const rows = new Map(
      [...this.#clips].map(([name, scores]) => [
        name,
        Float64Array.from(columns, ([column, absent]) =>
          scores === null ? Number.NaN : (scores.get(column) ?? absent),
        ),
      ]),
    );
    return { format, madeBy, columns: columns.map(([name]) => name), rows };
  }
}

/** Keeps the highest of what is said of a column. */
export function raise(scores: Map<string, number>, column: string, score: number): void {
  scores.set(column, Math.max(scores.get(column) ?? 0, score));
}
