import { writeFileAtomic } from '@primatrix/files';
import { zonedTimestamp, type TimeZone } from './capture-time/time-zone.ts';
import { allClasses, type ClipRecord } from './clip-record.ts';
import { decideClasses } from './decide-classes.ts';
import type { TaxonTable } from './taxa.ts';

export interface CocoSettings {
  readonly taxa: TaxonTable;
  /** Least probability of a class that is annotated, 0 to 1. */
  readonly threshold: number;
  /** Of the cameras' clocks, for times that state none. */
  readonly timeZone?: TimeZone | undefined;
  /** Name and version of what classified. */
  readonly classifier: string;
  /** ISO 8601. */
  readonly created: string;
  /** What must be said of the predictions wherever they are shown. */
  readonly caveats: readonly string[];
}

/** Writes {@link cocoCameraTrapsText} to a file. */
export async function writeCocoCameraTraps(
  path: string,
  records: readonly ClipRecord[],
  classes: readonly string[],
  settings: CocoSettings,
): Promise<void> {
  await writeFileAtomic(path, cocoCameraTrapsText(records, classes, settings));
}

/**
 * Predictions as a COCO Camera Traps database: each clip is an entry of `images`, each class that reaches the threshold an
 * annotation of the whole clip with its `score`. Category 0 is `empty` by convention and stands for blank clips; clips of which
 * nothing reaches the threshold are `unknown`. A failed clip has `corrupt`, the reason as `failure`, and no annotation;
 * of a degraded one the prediction holds, and it has its reason as `degraded`, which is ours.
 *
 * Where a person decided, the annotations are that person's alone, and have no `score`, as the format's own annotations, which people
 * made, have none; `unknown` where the person was unsure. The format has no field for who and when: `annotated_by` and `annotated_at`
 * are ours, which readers pass over. Nothing is lost but what was predicted of those clips.
 */
export function cocoCameraTrapsText(
  records: readonly ClipRecord[],
  bundled: readonly string[],
  settings: CocoSettings,
): string {
  const classes = allClasses(records, bundled);
  const { taxa, threshold, timeZone } = settings;
  const isBlank = (name: string) => taxa.of(name).type === 'blank';
  const named = classes.filter((name) => !isBlank(name));
  const unknownId = named.length + 1;
  const idOf = new Map(named.map((name, i) => [name, i + 1]));
  const categories = [
    { id: 0, name: 'empty' },
    ...named.map((name, i) => ({ id: i + 1, name, ...scientific(name, taxa) })),
    { id: unknownId, name: 'unknown' },
  ];
  const images: object[] = [];
  const annotations: object[] = [];
  for (const { filename, media, outcome, probabilities, site, time, review } of records) {
    images.push({
      id: filename,
      file_name: filename,
      ...(media?.width == null ? {} : { width: media.width, height: media.height }),
      ...(site === null ? {} : { location: site }),
      ...(time === null ? {} : datetimeOf(time, timeZone)),
      ...(media?.fps == null ? {} : { frame_rate: media.fps, duration_seconds: media.durationSeconds }),
      ...faultOf(outcome),
    });
    const annotate = (found: readonly { readonly category: number; readonly rest: object }[]) =>
      found.forEach(({ category, rest }, i) =>
        annotations.push({
          id: `${filename}#${i + 1}`,
          image_id: filename,
          category_id: category,
          sequence_level_annotation: true,
          ...rest,
        }),
      );
    if (review !== undefined) {
      const rest = {
        ...(review.by === null ? {} : { annotated_by: review.by }),
        ...(review.at === null ? {} : { annotated_at: review.at }),
      };
      annotate(
        review.species.length === 0
          ? [{ category: unknownId, rest }]
          : review.species.map((name) => ({ category: idOf.get(name) ?? 0, rest })),
      );
      continue;
    }
    if (probabilities === null) continue;
    const decision = decideClasses(probabilities, bundled, taxa, threshold);
    const scored = (category: number, probability: number) => ({
      category,
      rest: { score: Number(probability.toFixed(6)) },
    });
    annotate(
      decision.classes.length === 0
        ? [scored(unknownId, decision.top.probability)]
        : decision.classes.map(({ index, probability }) =>
            scored(idOf.get(classes[index] as string) ?? 0, probability),
          ),
    );
  }
  const info = {
    version: '1.0',
    description: [`predictions by ${settings.classifier}`, ...settings.caveats].join('; '),
    year: Number(settings.created.slice(0, 4)),
    contributor: settings.classifier,
    date_created: settings.created,
  };
  return `${JSON.stringify({ info, images, annotations, categories }, null, 1)}\n`;
}

function faultOf({ status, reason, fault }: ClipRecord['outcome']): object {
  const why = `${reason} [${fault}]`;
  if (status === 'failed') return { corrupt: true, failure: `failed: ${why}` };
  return status === 'degraded' ? { degraded: why } : {};
}

function scientific(name: string, taxa: TaxonTable): object {
  const { scientificName } = taxa.of(name);
  return scientificName === null ? {} : { scientific_name: scientificName };
}

/** The format's times are the cameras' own, without zone; the zone stands beside where it is known. */
function datetimeOf(time: NonNullable<ClipRecord['time']>, zone: TimeZone | undefined): object {
  const known = time.zone !== null || zone !== undefined;
  return {
    datetime: time.local.replace('T', ' '),
    datetime_source: time.dayOnly ? `${time.source}, day only` : time.source,
    ...(known ? { datetime_zoned: zonedTimestamp(time, zone) } : {}),
  };
}
