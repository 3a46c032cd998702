import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SuggestionBasis, Suggestions } from '@primatrix/review-api';
import type { ChildHandle } from '@primatrix/child-process';
import { learnable } from '../models/training-clips.ts';
import type { ReviewProject } from '../project/review-project.ts';
import type { FromSuggest, SuggestClip, ToSuggest } from './suggest-messages.ts';

/** A process that suggests. */
export type SuggestHandle = ChildHandle<FromSuggest, ToSuggest>;

/** What {@link ProjectSuggestions} is opened with. */
export interface ProjectSuggestionsOptions {
  readonly project: ReviewProject;
  /** What makes vectors of clips. */
  readonly encoder: { readonly name: string; readonly digest: string };
  /** Starts what suggests; it keeps its vectors in the file given. */
  readonly start: (vectors: string) => SuggestHandle;
  /** How often it is looked whether somebody decided something, milliseconds. Default: 1500. */
  readonly everyMs?: number;
}

/** A process that has nothing to do for so long is ended. */
const idleMs = 120_000;

/**
 * Suggestions for the clips that nobody has decided, from those that people have: from two species with a clip each on,
 * whenever prediction has nothing to do, and again after every decision.
 */
export class ProjectSuggestions implements AsyncDisposable {
  private readonly options: ProjectSuggestionsOptions;
  private handle: SuggestHandle | undefined;
  private round = 0;
  private asked = '';
  private version = -1;
  private busy = false;
  private done = 0;
  private all = 0;
  private basis: SuggestionBasis | null = null;
  private trouble: string | null = null;
  private idleSince = 0;
  private readonly closing = new AbortController();
  private readonly watching: Promise<void>;

  constructor(options: ProjectSuggestionsOptions) {
    this.options = options;
    this.watching = this.watch();
  }

  describe(): Suggestions {
    const { busy, done, all, basis, trouble } = this;
    return { model: this.options.encoder.name, busy, done, all, basis, trouble };
  }

  private async watch(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      await sleep(this.options.everyMs ?? 1500, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await this.look();
    }
  }

  private async look(): Promise<void> {
    const { project } = this.options;
    if (this.handle !== undefined && !this.busy && Date.now() - this.idleSince > idleMs) await this.end();
    // What failed once fails again: it is tried anew at the next start.
    if (this.trouble !== null || this.version === project.table.version || project.progress().stage !== 'idle') return;
    this.version = project.table.version;
    const clips = clipsOf(project);
    const labelled = clips.filter(({ species }) => species !== undefined);
    const key = JSON.stringify([clips.length, labelled.map(({ id, species }) => [id, species])]);
    if (key === this.asked) return;
    this.asked = key;
    const species = new Set(labelled.flatMap((clip) => clip.species ?? []));
    if (species.size < 2) {
      if (this.basis !== null) this.show(null, []);
      return;
    }
    this.handle ??= this.begin();
    this.busy = true;
    this.handle.send({ round: ++this.round, clips });
  }

  private begin(): SuggestHandle {
    const { project, encoder, start } = this.options;
    const handle = start(join(project.folder, `vectors-${encoder.digest.slice(0, 16)}.jsonl`));
    handle.onMessage((message) => this.take(message));
    handle.onExit(() => {
      if (this.handle !== handle) return;
      this.handle = undefined;
      if (this.busy && !this.closing.signal.aborted) this.trouble ??= 'the process that suggests has ended';
      this.busy = false;
    });
    return handle;
  }

  private take(message: FromSuggest): void {
    if (message.type === 'failed') this.trouble = message.message;
    // Of what was asked before nothing is wanted any more.
    else if (message.round !== this.round) return;
    else if (message.type === 'progress') [this.done, this.all] = [message.done, message.all];
    else if (message.type === 'suggested') this.show(message.basis, message.suggestions);
    else {
      this.busy = false;
      this.idleSince = Date.now();
      this.options.project.changed();
    }
  }

  private show(
    basis: SuggestionBasis | null,
    suggestions: Extract<FromSuggest, { type: 'suggested' }>['suggestions'],
  ): void {
    const { project } = this.options;
    this.basis = basis;
    project.table.suggest(new Map(suggestions.map(({ id, ...suggestion }) => [id, suggestion])));
    // Suggestions are no reason to make new ones.
    this.version = project.table.version;
    project.changed();
  }

  private async end(): Promise<void> {
    const { handle } = this;
    this.handle = undefined;
    await handle?.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closing.abort();
    await this.watching;
    await this.end();
  }
}

function clipsOf(project: ReviewProject): SuggestClip[] {
  const decided = new Map<string, readonly string[]>();
  for (const { id, review } of learnable(project.table.rows())) decided.set(id, review.species);
  const clips: SuggestClip[] = [];
  for (const { id, filename, path, site, state, review } of project.table.rows()) {
    if (state === 'failed') continue;
    const species = decided.get(id);
    // What somebody was unsure about is neither known nor worth the next person's time.
    if (species === undefined && review !== null) continue;
    const file = { filename, path, ...(site === null ? {} : { site }) };
    clips.push({ id, file, ...(species === undefined ? {} : { species }) });
  }
  return clips;
}
