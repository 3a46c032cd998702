import { z } from 'zod';
import { raise, type ClipResults, type ResultRows } from './result-rows.ts';

const share = z.number().min(0).max(1);

/** What is read of SpeciesNet's predictions. */
export const speciesNetSchema = z.object({
  predictions: z.array(
    z.object({
      filepath: z.string(),
      failures: z.array(z.string()).default([]),
      classifications: z.object({ classes: z.array(z.string()), scores: z.array(share) }).optional(),
      detections: z.array(z.object({ label: z.string(), conf: share })).optional(),
      prediction: z.string().optional(),
      prediction_score: share.optional(),
      model_version: z.string().optional(),
    }),
  ),
});

/**
 * Columns of what SpeciesNet saw: `<group>_score`, the highest confidence of a detection; by class of its classifier the score, 0 where it
 * is not among the likeliest that the file lists; and `said_<class>`, the score of what it came to in the end.
 */
export function speciesNetResults({ predictions }: z.infer<typeof speciesNetSchema>, rows: ResultRows): ClipResults {
  let madeBy = '';
  for (const { filepath, failures, classifications, detections, prediction, ...rest } of predictions) {
    madeBy ||= rest.model_version ?? '';
    const scores = new Map<string, number>();
    for (const { label, conf } of detections ?? []) raise(scores, rows.column(`${label}_score`, 0), conf);
    classifications?.classes.forEach((name, i) => {
      raise(scores, rows.column(nameOf(name), 0), classifications.scores[i] ?? 0);
    });
    if (prediction !== undefined) {
      raise(scores, rows.column(`said_${nameOf(prediction)}`, 0), rest.prediction_score ?? 0);
    }
    const said = [classifications, detections, prediction].some((part) => part !== undefined);
    // Half an answer would read as "not seen".
    rows.add(filepath, failures.length > 0 || !said ? null : scores);
  }
  return rows.finish('speciesnet', madeBy);
}

/** Of `id;class;order;family;genus;species;common name` the common name, else the narrowest taxon that is there. */
function nameOf(label: string): string {
  return label.split(';').findLast((part) => part.trim() !== '') ?? label;
}
