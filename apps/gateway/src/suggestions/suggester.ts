import type { EnsembleFamily } from '@primatrix/families';
import { teachingOrder, type Rows } from '@primatrix/few-labels';
import { predictFromLabels } from '@primatrix/prediction';
import type { FromSuggest, SuggestClip, ToSuggest } from './suggest-messages.ts';
import type { KeptVectors } from './kept-vectors.ts';

/** After so long a part of the clips has suggestions, and after twice as long more of them. */
const firstAnswerMs = 60_000;

/**
 * Suggests what clips show from those that people have labelled: each clip becomes a vector once, and every request fits
 * anew what tells vectors apart.
 */
export class Suggester {
  private readonly vectors: KeptVectors;
  private readonly embed: (clip: SuggestClip['file'], signal: AbortSignal) => Promise<Float32Array | null>;
  private readonly ensemble: Pick<EnsembleFamily, 'combine' | 'calibrate'>;
  private readonly send: (message: FromSuggest) => void;
  private wanted: ToSuggest | undefined;
  private running: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  constructor(options: {
    readonly vectors: KeptVectors;
    /** Null where a clip has no picture. */
    readonly embed: (clip: SuggestClip['file'], signal: AbortSignal) => Promise<Float32Array | null>;
    readonly ensemble: Pick<EnsembleFamily, 'combine' | 'calibrate'>;
    readonly send: (message: FromSuggest) => void;
  }) {
    ({ vectors: this.vectors, embed: this.embed, ensemble: this.ensemble, send: this.send } = options);
  }

  /** Takes the place of what was asked for before. */
  take(request: ToSuggest): void {
    this.wanted = request;
    this.running ??= this.work()
      .catch((error: unknown) => {
        if (!this.stopping.signal.aborted) {
          this.send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
        }
      })
      .finally(() => (this.running = undefined));
  }

  /** Ends where it is; vectors that were made are kept. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async work(): Promise<void> {
    let request: ToSuggest | undefined;
    while ((request = this.wanted) !== undefined) {
      const done = await this.lookAt(request);
      if (this.wanted !== request) continue;
      if (done) await this.answer(request);
      // A request that came while this one was answered is the next.
      if (this.wanted === request) this.wanted = undefined;
      this.send({ type: 'idle', round: request.round });
    }
  }

  /** Vectors of all clips, those of labelled ones first; false where another request came. */
  private async lookAt(request: ToSuggest): Promise<boolean> {
    const { round, clips } = request;
    const inOrder = [
      ...clips.filter(({ species }) => species !== undefined),
      ...clips.filter(({ species }) => species === undefined),
    ];
    let [last, patience, done] = [performance.now(), firstAnswerMs, 0];
    for (const { file } of inOrder) {
      this.stopping.signal.throwIfAborted();
      if (this.wanted !== request) return false;
      const known = this.vectors.of(file.path) !== undefined;
      await this.vectors.get(file.path, () => this.embed(file, this.stopping.signal));
      done += 1;
      if (known) continue;
      this.send({ type: 'progress', round, done, all: clips.length });
      if (performance.now() - last > patience) {
        await this.answer(request);
        [last, patience] = [performance.now(), patience * 2];
      }
    }
    return true;
  }

  /** Suggestions for all clips that have a vector. */
  private async answer({ round, clips }: ToSuggest): Promise<void> {
    const seen = clips.filter(({ file }) => (this.vectors.of(file.path) ?? null) !== null);
    const labelled = [...seen.keys()].filter((row) => (seen[row] as SuggestClip).species !== undefined);
    const classes = [...new Set(labelled.flatMap((row) => seen[row]?.species ?? []))].sort();
    if (classes.length < 2) return;
    const all = rowsOf(seen.map(({ file }) => this.vectors.of(file.path) as Float32Array));
    const { probabilities, score } = await predictFromLabels(
      {
        ...{ all, at: labelled, classes },
        labels: Uint8Array.from(
          labelled.flatMap((row) => classes.map((name) => Number(seen[row]?.species?.includes(name)))),
        ),
        sites: labelled.map((row) => seen[row]?.file.site ?? undefined),
      },
      this.ensemble,
    );
    const candidates = [...seen.keys()].filter((row) => seen[row]?.species === undefined);
    const order = await teachingOrder(all, { probabilities, classes: classes.length, labelled, candidates });
    const suggestions = order.map((row, rank) => {
      const own = probabilities.subarray(row * classes.length, (row + 1) * classes.length);
      const probability = Math.max(...own);
      return { id: seen[row]?.id ?? '', species: classes[own.indexOf(probability)] ?? '', probability, rank };
    });
    const { judged, by } = score;
    this.send({
      type: 'suggested',
      round,
      suggestions,
      basis: {
        labels: labelled.length,
        classes,
        judged,
        by,
        accuracy: score.score?.accuracy ?? null,
        accuracyError: score.score?.standardError.accuracy ?? null,
      },
    });
  }
}

function rowsOf(vectors: readonly Float32Array[]): Rows {
  const width = Math.max(0, ...vectors.map(({ length }) => length));
  const data = new Float32Array(vectors.length * width);
  vectors.forEach((vector, row) => data.set(vector, row * width));
  return { data, rows: vectors.length, width };
}
