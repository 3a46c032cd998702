/** An event that people named; milliseconds since 1970, both ends belong to it. */
export interface LabelledEvent {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** Finds the events of a moment without looking at all of them: a deployment may have thousands, and tens of thousands of media. */
export class EventsByTime {
  readonly #events: readonly LabelledEvent[];
  /** The latest end among the events up to each. */
  readonly #latest: Float64Array;

  constructor(events: readonly LabelledEvent[]) {
    this.#events = [...events].sort((a, b) => a.start - b.start);
    let latest = -Infinity;
    this.#latest = Float64Array.from(this.#events, ({ end }) => (latest = Math.max(latest, end)));
  }

  namesAt(moment: number): Set<string> {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#events[middle] as LabelledEvent).start <= moment) low = middle + 1;
      else high = middle;
    }
    const names = new Set<string>();
    // Backwards from the last that has begun, as long as any before it may still go on.
    for (let i = low - 1; i >= 0 && (this.#latest[i] as number) >= moment; i--) {
      const { end, name } = this.#events[i] as LabelledEvent;
      if (end >= moment) names.add(name);
    }
    return names;
  }
}
