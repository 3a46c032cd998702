import { clipName, knownText, statedTime, type CellTable } from '@primatrix/dataset';
import { z } from 'zod';
import type { ClipReview, ReviewedAnimals } from './reviewed-clip.ts';
import { cellError } from './exchange-error.ts';

/** Whether a table is an `observations.csv`: animals of one kind a row, by people and models. */
export function hasObservations(header: readonly string[]): boolean {
  return ['filename', 'species', 'count', 'method'].every((name) => header.includes(name));
}

const number = z.coerce.number({ error: 'must be a number' }).nonnegative('must not be negative');
/** Cells of a row that are not empty; their names in the table. */
const animalsSchema = z.object({
  count: z.coerce
    .number({ error: 'must be a whole number' })
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .optional(),
  life_stage: z.enum(['adult', 'subadult', 'juvenile'], { error: 'must be adult, subadult or juvenile' }).optional(),
  sex: z.enum(['female', 'male'], { error: 'must be female or male' }).optional(),
  behaviour: z.string().optional(),
  observation_note: z.string().optional(),
  from_seconds: number.optional(),
  to_seconds: number.optional(),
});

/**
 * What people decided, of an `observations.csv` as the pages export it: rows whose `method` is `human`; one without a species is a
 * clip that somebody is unsure about.
 * @throws ExchangeError naming the cell at fault
 */
export function reviewsOfObservations({ file, header, rows }: CellTable): ReadonlyMap<string, ClipReview> {
  const reviews = new Map<string, ClipReview & { species: string[]; observations: ReviewedAnimals[] }>();
  for (const { line, cells } of rows) {
    const cell = (name: string) => knownText(cells[header.indexOf(name)]);
    const fault = (column: string, rule: string, hint: string) =>
      cellError('EXCHANGE_VALUE', rule, { file, line, column, value: cell(column) }, hint);
    if (cell('method').toLowerCase() !== 'human') continue;
    const at = cell('decided_at');
    if (at !== '' && (statedTime(at)?.zone ?? null) === null) {
      throw fault('decided_at', 'must be a time with its zone', 'write 2026-03-31T17:05:00Z');
    }
    const filename = clipName(cell('filename'));
    const review = reviews.get(filename) ?? {
      species: [],
      observations: [],
      by: cell('decided_by') || null,
      at: at || null,
    };
    reviews.set(filename, review);
    const species = cell('species');
    if (species === '') continue;
    if (!review.species.includes(species)) review.species.push(species);
    const filled = Object.keys(animalsSchema.shape).filter((name) => cell(name) !== '');
    const { success, data, error } = animalsSchema.safeParse(
      Object.fromEntries(filled.map((name) => [name, cell(name)])),
    );
    if (!success) {
      const [issue] = error.issues;
      throw fault(String(issue?.path[0]), issue?.message ?? 'cannot be read', 'leave it empty where it is not known');
    }
    if (filled.length > 0) review.observations.push({ species, ...animalsOf(data) });
  }
  return reviews;
}

function animalsOf(cells: z.infer<typeof animalsSchema>): Omit<ReviewedAnimals, 'species'> {
  const { count, life_stage, sex, behaviour, observation_note, from_seconds, to_seconds } = cells;
  return { count, lifeStage: life_stage, sex, behaviour, note: observation_note, from: from_seconds, to: to_seconds };
}
