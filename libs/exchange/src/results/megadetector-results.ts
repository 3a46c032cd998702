import { z } from 'zod';
import { raise, type ClipResults, type ResultRows } from './result-rows.ts';

const share = z.number().min(0).max(1);
const names = z.record(z.string(), z.string());

/** What is read of MegaDetector's results, format 1.0 to 1.6 (https://lila.science/megadetector-output-format). */
export const megaDetectorSchema = z.object({
  info: z.object({ detector: z.string().optional(), classifier: z.string().optional() }).default({}),
  detection_categories: names,
  classification_categories: names.default({}),
  images: z.array(
    z.object({
      file: z.string(),
      failure: z.string().nullish(),
      detections: z
        .array(
          z.object({
            category: z.string(),
            conf: share,
            bbox: z.tuple([z.number(), z.number(), share, share]).optional(),
            classifications: z.array(z.tuple([z.string(), share])).optional(),
          }),
        )
        .nullish(),
    }),
  ),
});

/**
 * Columns of what MegaDetector saw: by group `<group>_score`, the highest confidence, and `<group>_area`, the largest box as a share of the
 * picture; by class of a classifier its highest score on a box. All frames of a clip count alike.
 */
export function megaDetectorResults(
  { info, detection_categories, classification_categories, images }: z.infer<typeof megaDetectorSchema>,
  rows: ResultRows,
): ClipResults {
  const groups = new Map(
    Object.entries(detection_categories).map(([id, name]) => [
      id,
      { score: rows.column(`${name}_score`, 0), area: rows.column(`${name}_area`, Number.NaN) },
    ]),
  );
  const classes = new Map(Object.entries(classification_categories).map(([id, name]) => [id, rows.column(name, 0)]));
  for (const { file, failure, detections } of images) {
    if (typeof failure === 'string' || detections == null) {
      rows.add(file, null);
      continue;
    }
    const scores = new Map<string, number>();
    for (const { category, conf, bbox, classifications = [] } of detections) {
      const group = groups.get(category);
      if (group !== undefined) {
        raise(scores, group.score, conf);
        if (bbox !== undefined) raise(scores, group.area, bbox[2] * bbox[3]);
      }
      for (const [id, score] of classifications) {
        const column = classes.get(id);
        if (column !== undefined) raise(scores, column, score);
      }
    }
    rows.add(file, scores);
  }
  return rows.finish('megadetector', [info.detector, info.classifier].filter(Boolean).join(', '));
}
