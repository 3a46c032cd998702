/** A frame that was looked at, and what is kept of it. */
interface Kept<Value> {
  readonly frame: number;
  readonly score: number;
  readonly value: Value;
}

/**
 * Chooses frames of a clip while they come by: those of the highest scores, in order of time; where none has a score, evenly spread
 * ones. At most twice as many are held at once.
 */
export class BestFrames<Value> {
  readonly #most: number;
  readonly #best: Kept<Value>[] = [];
  #spread: Kept<Value>[] = [];
  #apart = 1;
  #count = 0;

  /** @param most frames to choose, at least 1 */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * @param score 0: nothing was seen
   * @param value is asked for where the frame is kept for now
   */
  add(frame: number, score: number, value: () => Value): void {
    const last = this.#best.at(-1);
    if (score > 0 && (this.#best.length < this.#most || last === undefined || score > last.score)) {
      this.#best.push({ frame, score, value: value() });
      // Of equal scores the earlier frame stays before: sorting keeps their order.
      this.#best.sort((a, b) => b.score - a.score);
      this.#best.length = Math.min(this.#best.length, this.#most);
    }
    // Once something is seen, frames without anything are not wanted any more.
    if (this.#best.length > 0) this.#spread = [];
    else if (this.#count % this.#apart === 0) this.#keepSpread({ frame, score, value: value() });
    this.#count += 1;
  }

  /** In order of time. */
  chosen(): readonly Kept<Value>[] {
    return (this.#best.length > 0 ? this.#best : this.#spread).toSorted((a, b) => a.frame - b.frame);
  }

  #keepSpread(kept: Kept<Value>): void {
    if (this.#spread.length === this.#most) {
      this.#spread = this.#spread.filter((_, i) => i % 2 === 0);
      this.#apart *= 2;
      if (this.#count % this.#apart !== 0) return;
    }
    this.#spread.push(kept);
  }
}
