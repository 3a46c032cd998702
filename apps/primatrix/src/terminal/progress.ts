import { formatDuration, onOneLine } from './format.ts';

/** Longest pause between two lines where there is no terminal to redraw. */
const lineEveryMs = 15_000;
const redrawEveryMs = 100;
const barWidth = 24;

/**
 * A progress bar with an estimate of the time left, on stderr. On a terminal one line is drawn again and
 * again; elsewhere (logs, CI) a line is written now and then.
 */
export class Progress {
  private readonly title: string;
  private readonly stream: NodeJS.WriteStream;
  private readonly clock: () => number;
  private readonly started: number;
  private shown = -Infinity;
  private drawn = false;
  private firstFraction: number | undefined;

  constructor(
    title: string,
    stream: NodeJS.WriteStream = process.stderr,
    clock: () => number = () => performance.now(),
  ) {
    this.title = title;
    this.stream = stream;
    this.clock = clock;
    this.started = clock();
  }

  /** @param fraction share of the work that is done, 0 to 1; @param note what is being done */
  update(fraction: number, note = ''): void {
    const now = this.clock();
    // What was found done at the start took no time: the estimate must not count it.
    this.firstFraction ??= fraction;
    if (now - this.shown < (this.stream.isTTY ? redrawEveryMs : lineEveryMs)) return;
    this.shown = now;
    this.draw(
      `${this.title} ${bar(fraction)} ${`${Math.floor(fraction * 100)}`.padStart(3)} %  ${this.timeLeft(fraction, now)}  ${note}`,
    );
  }

  /** Replaces the bar by a last line. */
  finish(message: string): void {
    this.clear();
    this.stream.write(`${message}  (${formatDuration((this.clock() - this.started) / 1000)})\n`);
  }

  /** Writes a line above the bar. */
  log(line: string): void {
    this.clear();
    this.stream.write(`${onOneLine(line)}\n`);
    this.shown = -Infinity;
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.drawn && this.stream.isTTY) {
      this.stream.cursorTo(0);
      this.stream.clearLine(0);
    }
    this.drawn = false;
  }

  private timeLeft(fraction: number, now: number): string {
    const done = fraction - (this.firstFraction ?? 0);
    const seconds = (now - this.started) / 1000;
    if (done < 0.01 || seconds < 2) return 'estimating';
    return `${formatDuration((seconds / done) * (1 - fraction))} left`;
  }

  private draw(text: string): void {
    const line = onOneLine(text);
    if (!this.stream.isTTY) {
      this.stream.write(`${line.trimEnd()}\n`);
      return;
    }
    this.stream.cursorTo(0);
    this.stream.write(line.slice(0, Math.max(0, this.stream.columns - 1)));
    this.stream.clearLine(1);
    this.drawn = true;
  }
}

function bar(fraction: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * barWidth);
  return `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
}
