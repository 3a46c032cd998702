import type { Review } from '@primatrix/review-api';
import { keptMetadata, momentOf, newRow, type ClipRow, type KeptPrediction, type ProjectClip, type ProvisionalPrediction } from './clip-row.ts';

/** All clips of the project in memory, in the order in which they were added: what filters and pages look at. */
export class ClipTable {
  readonly classes: readonly string[];
  private readonly nets: ReadonlySet<string>;
  private readonly byId = new Map<string, ClipRow>();
  private readonly byName = new Map<string, ClipRow>();
  /** Grows with every change. */
  version = 0;

  /** @param nets names of the members that are nets: their opinions are compared */
  constructor(classes: readonly string[], nets: readonly string[]) {
    this.classes = classes;
    this.nets = new Set(nets);
  }

  get size(): number {
    return this.byId.size;
  }

  rows(): Iterable<ClipRow> {
    return this.byId.values();
  }

  get(id: string): ClipRow | undefined {
    return this.byId.get(id);
  }

  named(filename: string): ClipRow | undefined {
    return this.byName.get(filename);
  }

  add(clip: ProjectClip): void {
    const row = newRow(clip);
    this.byId.set(clip.id, row);
    this.byName.set(clip.filename, row);
    this.version += 1;
  }

  review(review: Review): void {
    const row = this.byId.get(review.clip);
    if (row === undefined) return;
    row.review = review.decision === 'open' ? null : review;
    this.version += 1;
  }

  /** Takes what the nets alone say; the mean of them stands in for the ensemble. */
  provisional(id: string, { outcome, metadata, capturedAt, nets }: ProvisionalPrediction): void {
    const row = this.byId.get(id);
    if (row === undefined) return;
    const members = new Map(Object.entries(nets).map(([name, values]) => [name, Float64Array.from(values)]));
    const mean = members.size === 0 ? null : Float64Array.from(this.classes, (_, c) => [...members.values()].reduce((sum, values) => sum + (values[c] ?? 0), 0) / members.size);
    Object.assign(row, { outcome, metadata: keptMetadata(metadata), moment: momentOf(capturedAt), state: outcome.status === 'failed' ? 'failed' : 'provisional' });
    this.setProbabilities(row, mean, members);
  }

  /** Takes what all say. */
  predicted({ clip, prediction, capturedAt, metadata }: KeptPrediction): void {
    const row = this.byId.get(clip);
    if (row === undefined) return;
    const { outcome, sha256, probabilities, members } = prediction;
    Object.assign(row, { outcome, sha256, metadata, moment: momentOf(capturedAt), state: outcome.status === 'failed' ? 'failed' : 'predicted' });
    this.setProbabilities(row, probabilities === null ? null : Float64Array.from(probabilities), new Map(Object.entries(members).map(([name, values]) => [name, Float64Array.from(values)])));
  }

  private setProbabilities(row: ClipRow, probabilities: Float64Array | null, members: ReadonlyMap<string, Float64Array>): void {
    row.probabilities = probabilities;
    row.members = members;
    row.confidence = probabilities === null ? 0 : Math.max(...probabilities);
    row.top = probabilities === null ? -1 : probabilities.indexOf(row.confidence);
    row.disagreement = this.disagreement(members);
    this.version += 1;
  }

  /** How far the two nets that differ most lie apart on any class; of all members where there are not two nets. */
  private disagreement(members: ReadonlyMap<string, Float64Array>): number | null {
    const nets = [...members].filter(([name]) => this.nets.has(name)).map(([, values]) => values);
    const opinions = nets.length > 1 ? nets : [...members.values()];
    if (opinions.length < 2) return null;
    let widest = 0;
    for (let c = 0; c < this.classes.length; c++) {
      let [low, high] = [1, 0];
      for (const opinion of opinions) {
        const value = opinion[c] ?? 0;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      widest = Math.max(widest, high - low);
    }
    return widest;
  }
}
