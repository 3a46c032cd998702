import type { ClipSightings } from '@primatrix/contracts';
import { writeFileAtomic } from '@primatrix/files';
import { allClasses, type ClipRecord } from './clip-record.ts';
import { mediaType } from './media-facts.ts';
import type { TaxonTable } from './taxa.ts';

export interface MegaDetectorSettings {
  readonly taxa: TaxonTable;
  /** Name and version of what classified. */
  readonly classifier: string;
  /** `YYYY-MM-DD HH:MM:SS`, UTC; left out where it is not known. */
  readonly completedAt?: string | undefined;
  /** What must be said of the predictions wherever they are shown. */
  readonly caveats: readonly string[];
}

/** As MegaDetector: `0` is informally kept for empty, and readers know these names. */
const detectionCategories = { '1': 'animal', '2': 'person', '3': 'vehicle' } as const;
const categoryOfType: ReadonlyMap<string, keyof typeof detectionCategories> = new Map([
  ['animal', '1'],
  ['human', '2'],
  ['vehicle', '3'],
]);
const typeOfGroup = { animal: 'animal', person: 'human', vehicle: 'vehicle' } as const;
/** What is less likely is not listed; MegaDetector's own tools leave out the same. */
const least = 0.005;

/** Writes {@link megaDetectorText} to a file. */
export async function writeMegaDetector(
  path: string,
  records: readonly ClipRecord[],
  classes: readonly string[],
  settings: MegaDetectorSettings,
): Promise<void> {
  await writeFileAtomic(path, megaDetectorText(records, classes, settings));
}

/**
 * Predictions in MegaDetector's results format 1.6 (https://lila.science/megadetector-output-format), one line a clip.
 *
 * Where a detector looked, its boxes are the detections, each with its frame, and the frames that it looked at are those processed; a
 * class that is among the predicted ones is a detection's classification. Else an animal in a clip is one detection, as the format knows
 * classifications only inside detections, and detections only with boxes: one whose
 * box is the whole picture, whose `conf` is the likeliest animal's probability, and whose `classifications` are all animals'. Of a
 * video, every decoded frame was processed; the detection is of the clip, and has `frame_number` 0 as the format wants one.
 * Failed files have `failure` and no detections. A video whose frame rate is not known, or that is sound alone, has 1,
 * since the format wants one.
 *
 * Where a person decided, the species named stand with a probability of 1 and nothing else does; a blank clip has no detections. The
 * format has no place for who decided, when, or that it was a person, so that is lost but for a sentence in `summary_report`; so is
 * that a person was unsure: what was predicted stands.
 */
export function megaDetectorText(
  records: readonly ClipRecord[],
  bundled: readonly string[],
  { caveats, ...settings }: MegaDetectorSettings,
): string {
  const classes = allClasses(records, bundled);
  const decided = records.filter(({ review }) => review !== undefined && review.species.length > 0).length;
  const said =
    decided === 0
      ? caveats
      : [
          ...caveats,
          `Of ${records.length} clips people have looked at ${decided}: what they say stands with a probability of 1.`,
        ];
  const head = {
    info: {
      format_version: '1.6',
      detector: settings.classifier,
      classifier: settings.classifier,
      ...(settings.completedAt === undefined
        ? {}
        : { detection_completion_time: settings.completedAt, classification_completion_time: settings.completedAt }),
      // The format's place for words; HTML.
      ...(said.length === 0
        ? {}
        : {
            summary_report: said
              .map((text) => `<p>${text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)}</p>`)
              .join(''),
          }),
    },
    detection_categories: detectionCategories,
    classification_categories: Object.fromEntries(classes.map((name, i) => [String(i), name])),
  };
  const images = records.map((record) => imageText(record, classes, settings.taxa)).join(',\n');
  return `${JSON.stringify(head, null, 1).slice(0, -2)},\n "images": [${images === '' ? '' : `\n${images}\n `}]\n}\n`;
}

/** JSON by hand, as the format's readers want a decimal point in `conf`, which JSON.stringify leaves out of 0 and 1. */
function imageText(record: ClipRecord, classes: readonly string[], taxa: TaxonTable): string {
  const { filename, media, outcome, review } = record;
  // What a person decided is said of the clip, and goes before what a detector saw.
  const seen = review === undefined || review.species.length === 0 ? record.seen : undefined;
  const probabilities =
    review === undefined || review.species.length === 0
      ? record.probabilities
      : classes.map((name) => Number(review.species.includes(name)));
  // Readers go by the name's ending, whatever lies in the file (validate_batch_results.py): sound alone in an .mp4 is a
  // video.
  const isVideo = media?.kind === 'video' || mediaType(filename, null).startsWith('video/');
  // A detection has a frame, 0, which must be among those processed: of sound alone, too.
  const decoded = record.probabilities === null ? 0 : Math.max(1, outcome.framesDecoded ?? media?.frames ?? 0);
  const parts = [`"file": ${JSON.stringify(filename)}`];
  if (isVideo) {
    parts.push(
      `"frame_rate": ${media?.fps ?? 1}`,
      `"frames_processed": ${JSON.stringify(seen?.looks ?? Array.from({ length: decoded }, (_, frame) => frame))}`,
    );
  }
  if (probabilities === null) {
    parts.push(`"failure": ${JSON.stringify(`${outcome.reason} [${outcome.fault}]`)}`, '"detections": null');
  } else {
    const found =
      seen === undefined ? detections(probabilities, classes, taxa, isVideo) : seenDetections(seen, classes, isVideo);
    parts.push(`"detections": [${found.join(', ')}]`);
  }
  return `  {${parts.join(', ')}}`;
}

/** Every box of every sighting, in the order of frames. */
function seenDetections({ sightings }: ClipSightings, classes: readonly string[], isVideo: boolean): string[] {
  return sightings
    .flatMap(({ group, name, boxes }) => boxes.map((box) => ({ ...box, group, name })))
    .filter(({ score }) => score >= least)
    .sort((a, b) => a.frame - b.frame || b.score - a.score)
    .map(({ group, name, frame, box, score }) => {
      const index = name === group ? -1 : classes.indexOf(name);
      const classified = index < 0 ? '' : `, "classifications": [["${index}", ${decimal(score)}]]`;
      return `{"category": "${categoryOfType.get(typeOfGroup[group])}", "conf": ${decimal(score)}, "bbox": [${box.map(decimal).join(', ')}]${isVideo ? `, "frame_number": ${frame}` : ''}${classified}}`;
    });
}

function detections(
  probabilities: readonly number[],
  classes: readonly string[],
  taxa: TaxonTable,
  isVideo: boolean,
): string[] {
  return Object.keys(detectionCategories).flatMap((category) => {
    const ranked = probabilities
      .map((probability, index) => ({ probability, index }))
      .filter(
        ({ probability, index }) =>
          categoryOfType.get(taxa.of(classes[index] as string).type) === category && probability >= least,
      )
      .sort((a, b) => b.probability - a.probability);
    const [first] = ranked;
    if (first === undefined) return [];
    const classified = ranked.map(({ index, probability }) => `["${index}", ${decimal(probability)}]`).join(', ');
    return [
      `{"category": "${category}", "conf": ${decimal(first.probability)}, "bbox": [0.0, 0.0, 1.0, 1.0], ${isVideo ? '"frame_number": 0, ' : ''}"classifications": [${classified}]}`,
    ];
  });
}

function decimal(value: number): string {
  const text = String(Number(value.toFixed(6)));
  return text.includes('.') ? text : `${text}.0`;
}
