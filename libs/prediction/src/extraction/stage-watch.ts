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

/** Adds up what families take whose work on a clip comes in pieces, in turns with the others'. */
export class StageTimes {
  private readonly watch: StageWatch;
  private readonly started: number;
  private readonly ms = new Map<string, number>();

  constructor(watch: StageWatch) {
    this.watch = watch;
    this.started = watch.now();
  }

  /** Runs a piece of a family's work on the clock. */
  async spend(family: string, work: () => Promise<void> | void): Promise<void> {
    const before = this.watch.now();
    await work();
    this.ms.set(family, (this.ms.get(family) ?? 0) + this.watch.now() - before);
  }

  /** Seconds of one family. */
  of(family: string): number {
    return (this.ms.get(family) ?? 0) / 1000;
  }

  /** Seconds since the start in which no family was at work. */
  rest(): number {
    return Math.max(0, this.watch.now() - this.started - [...this.ms.values()].reduce((sum, ms) => sum + ms, 0)) / 1000;
  }
}
