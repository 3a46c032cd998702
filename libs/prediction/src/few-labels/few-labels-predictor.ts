import { UsageError } from '@primatrix/contracts';
import type { EnsembleFamily, FeatureContext, FeatureExtractor, FeatureFamily } from '@primatrix/families';
import { pooledEmbedding, type Rows } from '@primatrix/few-labels';
import { digestOf } from '@primatrix/files';
import { extractFile } from '../extraction/extract-file.ts';
import { firstLevelRecord, type FirstLevelRecord } from '../first-level/first-level-record.ts';
import type { FirstLevelRecords } from '../first-level/first-level-records.ts';
import type { InputFile } from '../inputs/list-inputs.ts';
import type { ClipPrediction } from '../predict/clip-prediction.ts';
import type { ClipPredictor } from '../predict/predict-files.ts';
import type { FewLabelsScore } from './judge-few-labels.ts';
import { predictFromLabels } from './predict-from-labels.ts';

/** Labels of some of the clips. */
export interface ClipLabels {
  readonly classes: readonly string[];
  /** [classes], 0 or 1, by the names that clips have in the prediction. */
  readonly labelsOf: ReadonlyMap<string, Uint8Array>;
}

/**
 * Predicts clips from a few labelled ones among them, without any training: a clip is the mean of its vectors, brought to length 1; a
 * linear probe and nearest neighbours tell them apart, and count alike. Labelled clips are predicted by what did not see them, or
 * their site where there are several, as far as others show their classes: their rows say what those of the others are worth.
 */
export class FewLabelsPredictor implements ClipPredictor {
  readonly digest: string;
  readonly manifest: ClipPredictor['manifest'];
  readonly warnings: readonly string[];
  /** Notes on the models: name, version, licence. */
  readonly names: readonly string[];
  readonly #extractors: ReadonlyMap<string, FeatureExtractor>;
  readonly #labels: ClipLabels;
  readonly #ensemble: EnsembleFamily;
  #score: FewLabelsScore | undefined;

  private constructor(
    extractors: ReadonlyMap<string, FeatureExtractor>,
    labels: ClipLabels,
    { digest, ensemble }: { readonly digest: string; readonly ensemble: EnsembleFamily },
  ) {
    this.digest = digest;
    this.#extractors = extractors;
    this.#labels = labels;
    this.#ensemble = ensemble;
    this.manifest = { classes: [...labels.classes], neighbours: { nets: [] } };
    const weights = [...extractors.values()].map((extractor) => extractor.weights);
    this.names = weights.map(({ note }) => note);
    this.warnings = weights.flatMap(({ caution }) => caution ?? []);
  }

  /**
   * Opens encoders. What they make of a clip does not depend on the labels, so who has labelled more need not look again.
   * @param encoders families whose tensors are [frames, width]
   */
  static async open(
    encoders: readonly FeatureFamily[],
    labels: ClipLabels,
    { ensemble, ...context }: FeatureContext & { readonly ensemble: EnsembleFamily },
  ): Promise<FewLabelsPredictor> {
    const extractors = new Map<string, FeatureExtractor>();
    const key: unknown[] = [];
    for (const family of encoders) {
      const settings = family.settings.laptop;
      key.push([family.name, family.version, settings, await family.weightsDigest(context)]);
      extractors.set(family.name, await family.open(settings, context));
    }
    return new FewLabelsPredictor(extractors, labels, { digest: digestOf({ schema: 1, encoders: key }), ensemble });
  }

  /** What the predictions are worth; undefined before they are made. */
  get score(): FewLabelsScore | undefined {
    return this.#score;
  }

  /** The record's rows hold the clip's vectors, by encoder. */
  async firstLevel(file: InputFile, signal: AbortSignal): Promise<FirstLevelRecord> {
    const { features: made, ...looked } = await extractFile(file, this.#extractors, signal);
    if (looked.outcome.status === 'failed') return firstLevelRecord(file, looked);
    const features = new Map(
      [...made].map(([name, { tensor }]) => {
        const width = tensor.shape[1] ?? 0;
        // Of length 0 it is the nearest to nothing, and has a prediction as all others.
        const pooled = pooledEmbedding(tensor.data as Float32Array, width) ?? new Float32Array(width);
        return [name, { tensor, row: Object.fromEntries(pooled.entries()) }];
      }),
    );
    return firstLevelRecord(file, { ...looked, features });
  }

  /** @throws UsageError `FEW_LABELS_CLASSES` where no labelled clip can be read */
  async secondLevel({ clips, read }: FirstLevelRecords): Promise<ClipPrediction[]> {
    const records = await read(0, clips.length);
    const readable = records.filter(({ outcome }) => outcome.status !== 'failed');
    const predicted = await this.#predict(readable);
    return records.map((record) => {
      const { filename, metadata, outcome, padded } = record;
      const own = predicted.get(record) ?? { probabilities: null, members: {} };
      return { filename, sha256: metadata?.sha256 ?? null, outcome, padded, ...own };
    });
  }

  async dispose(): Promise<void> {
    for (const extractor of this.#extractors.values()) await extractor.dispose();
  }

  async #predict(
    records: readonly FirstLevelRecord[],
  ): Promise<Map<FirstLevelRecord, Pick<ClipPrediction, 'probabilities' | 'members'>>> {
    const { classes, labelsOf } = this.#labels;
    const all = vectorsOf(records, [...this.#extractors.keys()]);
    const at = [...records.keys()].filter((row) => labelsOf.has((records[row] as FirstLevelRecord).filename));
    if (at.length === 0) {
      throw new UsageError('FEW_LABELS_CLASSES', 'predict: none of the labelled clips can be read', {
        hint: 'the lines above say what is wrong with them; label others',
      });
    }
    const { score, members, probabilities } = await predictFromLabels(
      {
        all,
        at,
        labels: Uint8Array.from(at.flatMap((row) => [...(labelsOf.get(records[row]?.filename ?? '') ?? [])])),
        sites: at.map((row) => records[row]?.site ?? undefined),
        classes,
      },
      this.#ensemble,
    );
    this.#score = score;
    const rowOf = (table: Float64Array, row: number) => [
      ...table.subarray(row * classes.length, (row + 1) * classes.length),
    ];
    return new Map(
      records.map((record, row) => [
        record,
        {
          probabilities: rowOf(probabilities, row),
          members: Object.fromEntries(members.map((member) => [member.name, rowOf(member.probabilities, row)])),
        },
      ]),
    );
  }
}

/** The encoders' vectors side by side, a row a clip; zeros where a clip lacks the pictures or the sound for one of them. */
function vectorsOf(records: readonly FirstLevelRecord[], encoders: readonly string[]): Rows {
  const widths = encoders.map((name) =>
    Math.max(0, ...records.map(({ rows }) => Object.keys(rows[name] ?? {}).length)),
  );
  const width = widths.reduce((sum, own) => sum + own, 0);
  const data = new Float32Array(records.length * width);
  records.forEach(({ rows }, row) => {
    let start = row * width;
    encoders.forEach((name, e) => {
      for (const [i, value] of Object.entries(rows[name] ?? {})) data[start + Number(i)] = value ?? 0;
      start += widths[e] as number;
    });
  });
  return { data, rows: records.length, width };
}
