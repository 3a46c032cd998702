import { DatasetError, type TablePlace } from './dataset-error.ts';
import { isMissing } from './missing-value.ts';

/** Columns of a predictions table that are not classes. */
export const outcomeColumns = ['status', 'fault', 'reason', 'frames_decoded', 'frames_expected'] as const;

/** Column of what was heard beside what the classes are about: text, and only in tables of such predictions. */
export const heardColumn = 'heard';

/** No class may have these names: prediction tables use them. */
const reserved: readonly string[] = ['filename', 'fold', ...outcomeColumns, heardColumn];

/**
 * Names under which clips without anything go, as {@link plainName} spells them: of tools (zamba, MegaDetector, Wildlife
 * Insights, Zooniverse, Camelot), and what people who do not speak English write.
 */
const blankNames: ReadonlySet<string> = new Set([
  ...['blank', 'empty', 'nothing', 'nothing here', 'nothinghere', 'none'],
  ...['no animal', 'no animals', 'no species', 'no wildlife', 'false trigger', 'false positive', 'misfire'],
  ...[
    'vide',
    'rien',
    'aucun',
    'aucun animal',
    'leer',
    'kein tier',
    'leeg',
    'vacio',
    'vacia',
    'vazio',
    'vazia',
    'vuoto',
  ],
]);

/** A name without case, accents, and the marks that people put for spaces. */
function plainName(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
}

/** Whether a class is of clips that show nothing, by its name. */
export function isBlankClass(name: string): boolean {
  return blankNames.has(plainName(name));
}

/** What a name that no class may have breaks, as a sentence and what to do; undefined where the name will do. */
export interface ClassNameFault {
  readonly rule: string;
  readonly hint: string;
}

/** Why no table of labels or predictions may have a class of this name. */
export function reservedNameFault(name: string): ClassNameFault | undefined {
  return reserved.includes(name.toLowerCase())
    ? {
        rule: 'a class may not have this name',
        hint: `Rename the class; ${reserved.join(', ')} are names of other columns.`,
      }
    : undefined;
}

/** Why nothing may be labelled with a class of this name. */
export function classNameFault(name: string): ClassNameFault | undefined {
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name)) {
    return {
      rule: 'a class may not have control characters or line breaks in its name',
      hint: 'Take them out: nobody can see them, and they end lines of other files.',
    };
  }
  return isMissing(name)
    ? {
        rule: 'a class may not have this name: in a table it says that nothing is known',
        hint: 'Rename the class, for example to "blank" where clips show nothing; leave out clips of which nothing is known.',
      }
    : reservedNameFault(name);
}

/**
 * The classes of a table as they come up, row by row: what reads labels and what writes them apply the same rules.
 * Names that differ by case alone are one column to readers of Parquet, and those that differ by
 * outer spaces look alike to people.
 */
export class ClassNames {
  private readonly spellings = new Map<string, { readonly name: string; readonly place: TablePlace | undefined }>();

  /**
   * Takes note of a class.
   * @param place where it stands, for the message; absent where no table is at hand
   * @throws DatasetError CSV_HEADER where no class may have this name, or another differs from it by case or outer
   *   spaces alone
   */
  add(name: string, place?: TablePlace): void {
    // Invisible characters (zero width, direction) and kinds of spaces are what nobody can tell apart.
    const key = name
      .replace(/\p{Cf}/gu, '')
      .trim()
      .replace(/\s+/g, ' ')
      .toLowerCase();
    const earlier = this.spellings.get(key);
    if (earlier?.name === name) return;
    if (earlier !== undefined) {
      const line = earlier.place?.line === undefined ? '' : ` in line ${earlier.place.line}`;
      throw new DatasetError(
        'CSV_HEADER',
        `the class "${name}" differs from "${earlier.name}"${line} by case or spaces only`,
        place,
        'Spell the class alike everywhere, or give the other one a name of its own.',
      );
    }
    const fault = classNameFault(name);
    if (fault !== undefined) {
      const rule = place === undefined ? `${JSON.stringify(name)}: ${fault.rule}` : fault.rule;
      throw new DatasetError('CSV_HEADER', rule, place, fault.hint);
    }
    this.spellings.set(key, { name, place });
  }

  /** All of them, sorted. */
  sorted(): string[] {
    return [...this.spellings.values()].map(({ name }) => name).sort();
  }
}
