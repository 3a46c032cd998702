/** One part of the first level of one clip, done. */
export interface FirstLevelStage {
  /** As the bundle names it. */
  readonly family: string;
  /** ingest: probing and decoding, for whichever families look and listen. */
  readonly part: 'ingest' | 'features' | 'nets';
  /** What it took, 0 or more. */
  readonly seconds: number;
}

/** Is told what each part of the first level of a clip took, once it is done; without one nothing is measured. */
export interface StageWatch {
  /** Milliseconds of a clock that never goes back, such as `performance.now`. */
  now(): number;
  onStage(stage: FirstLevelStage): void;
}

/**
 * Adds up what families take whose work on a clip comes in pieces, in turns with the others' or beside it: of time in
 * which several are at work each is given an equal share, so that all parts add up to the time that passed.
 */
export class StageTimes {
  private readonly watch: StageWatch;
  private readonly ms = new Map<string, number>();
  private readonly working: string[] = [];
  private idleMs = 0;
  private since: number;

  constructor(watch: StageWatch) {
    this.watch = watch;
    this.since = watch.now();
  }

  /** Runs a piece of a family's work on the clock. */
  async spend(family: string, work: () => Promise<void> | void): Promise<void> {
    this.settle();
    this.working.push(family);
    try {
      await work();
    } finally {
      this.settle();
      this.working.splice(this.working.indexOf(family), 1);
    }
  }

  /** Seconds of one family. */
  of(family: string): number {
    return (this.ms.get(family) ?? 0) / 1000;
  }

  /** Seconds since the start in which no family was at work. */
  rest(): number {
    this.settle();
    return this.idleMs / 1000;
  }

  private settle(): void {
    const now = this.watch.now();
    const passed = Math.max(0, now - this.since);
    this.since = now;
    if (this.working.length === 0) this.idleMs += passed;
    for (const family of this.working) this.ms.set(family, (this.ms.get(family) ?? 0) + passed / this.working.length);
  }
}
