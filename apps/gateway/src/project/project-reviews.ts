import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DurableLog } from '@primatrix/files';
import type {
  Decided,
  Decision,
  decisionInputSchema,
  Review,
  ReviewInput,
  saidSchema,
  undoInputSchema,
  Undone,
} from '@primatrix/review-api';
import type { z } from 'zod';
import type { ClipRow } from '../clips/clip-row.ts';
import type { ClipTable } from '../clips/clip-table.ts';
import { expectedWrong } from '../clips/expected-wrong.ts';
import type { EventFeed } from '../http/event-feed.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { checkedReview } from './checked-review.ts';
import { reviewEntrySchema, type Act, type ReviewEntry, type SettingAct, type SettingPatch } from './review-entry.ts';
import { ReviewHistory } from './review-history.ts';
import { Turns } from './turns.ts';

type Said = z.infer<typeof saidSchema> & { readonly at?: string };
type BulkInput = Omit<z.infer<typeof decisionInputSchema>, 'ids'>;

/** Has what stands beside clips weighed again where those are moved. */
interface MovesClips {
  move(ids: readonly string[], sites: ReadonlySet<string | null>, move: () => Promise<void>): Promise<void>;
}

/** What of a project its reviews concern. */
interface ReviewParts {
  readonly table: ClipTable;
  readonly events: Pick<EventFeed, 'publish'>;
  /** Whether probabilities are such that one can count on them. */
  readonly calibrated: () => boolean;
  readonly now: () => Date;
}

/** What people decide about the clips of a project: on the disk before it is answered, and each act can be undone. */
export class ProjectReviews implements AsyncDisposable {
  private readonly parts: ReviewParts;
  private readonly log: DurableLog<ReviewEntry>;
  private readonly history: ReviewHistory;
  /** What each builds on is still so when it is kept. */
  private readonly turns = new Turns();
  /** Has what stands beside a clip weighed again where it was taken elsewhere; they know each other. */
  private changes: MovesClips | undefined;

  private constructor(parts: ReviewParts, log: DurableLog<ReviewEntry>, history: ReviewHistory) {
    this.parts = parts;
    this.log = log;
    this.history = history;
  }

  /** Reads what was decided so far into the table, whose clips must be there. */
  static async open(folder: string, parts: ReviewParts): Promise<ProjectReviews> {
    const history = new ReviewHistory();
    const log = await DurableLog.open(
      join(folder, reviewsFile),
      reviewEntrySchema,
      (entry) => void history.take(entry),
    );
    for (const review of history.all()) parts.table.review(review.clip, review);
    for (const clip of history.settings.clips()) parts.table.settle(clip, history.settings.of(clip));
    return new ProjectReviews(parts, log, history);
  }

  /** What each person said last of a clip, by name. */
  opinionsOf(clip: string): ReadonlyMap<string, Review> {
    return this.history.opinionsOf(clip);
  }

  /** Clips of the project of which anything was said. */
  *decidedClips(): Iterable<string> {
    for (const clip of this.history.clips()) if (this.parts.table.get(clip) !== undefined) yield clip;
  }

  /** From now on clips that are moved are weighed again with those beside them. */
  followedBy(changes: MovesClips): void {
    this.changes = changes;
  }

  /** Species that people named and the bundle does not know. */
  newSpecies(): string[] {
    const known = new Set(this.parts.table.classes);
    const found = new Set<string>();
    for (const { review } of this.parts.table.rows()) {
      for (const name of review?.species ?? []) if (!known.has(name)) found.add(name);
    }
    return [...found].sort();
  }

  /**
   * Keeps what a person says of one clip; it is on the disk when the promise settles.
   * @throws HttpProblem 422 where the parts of a review do not fit together
   */
  review(row: ClipRow, { by, from, note, ...input }: ReviewInput): Promise<Review> {
    const checked = checkedReview(input, this.parts.table.classes, this.newSpecies());
    return this.turns.take(async () => {
      const act = await this.keep([{ clip: row.id, ...checked, ...noteOf(row, note) }], { by, from });
      return { ...(this.history.of(row.id) as Review), act: act.act };
    });
  }

  /**
   * Keeps one decision about many clips, all of it or nothing.
   * @throws HttpProblem 422 where decision and species do not fit together
   */
  decide(rows: readonly ClipRow[], { by, from, note, decision, species }: BulkInput): Promise<Decided> {
    return this.turns.take(async () => {
      const whoever = { by, from };
      if (decision === undefined) {
        const act = await this.keep(
          rows.map((row) => this.noted(row, note ?? '')),
          whoever,
          true,
        );
        return { act: act.act, changed: rows.length, passed: 0, expectedWrong: null };
      }
      const { classes } = this.parts.table;
      const others = this.newSpecies();
      const each = decision === 'accepted' && species.length === 0;
      const shared = each ? undefined : checkedReview({ decision, species }, classes, others);
      const taken = each ? rows.filter(({ top }) => top >= 0) : rows;
      const said = taken.map((row) => ({
        clip: row.id,
        ...(shared ?? checkedReview({ decision, species: [classes[row.top] ?? ''] }, classes, others)),
        ...noteOf(row, note),
      }));
      const act = await this.keep(said, whoever);
      return {
        act: act.act,
        changed: said.length,
        passed: rows.length - said.length,
        expectedWrong: each && this.parts.calibrated() ? expectedWrong(taken) : null,
      };
    });
  }

  /**
   * Undoes an act, or the last one from a place, if there is one.
   * @throws HttpProblem 409 where the act is undone already
   */
  undo({ act: name, by, from }: z.infer<typeof undoInputSchema>): Promise<Undone> {
    return this.turns.take(async () => {
      const act = name === undefined ? this.history.lastFrom(from) : this.history.act(name);
      if (act === undefined) {
        if (name !== undefined) throw new HttpProblem(409, 'REVIEW_UNDO', 'this decision is undone already');
        return { act: null, about: 'decision', decision: null, clips: [], kept: 0 };
      }
      const entry = { undo: act.act, ...(by === undefined ? {} : { by }), at: this.parts.now().toISOString() };
      if ('settings' in act) return this.undoSettings(act, entry);
      const { table, events } = this.parts;
      await this.log.append([entry]);
      const changed = this.history.take(entry);
      for (const [clip, review] of changed) table.review(clip, review);
      events.publish('review', { ...entry, decision: 'undone', clips: changed.size });
      return {
        act: act.act,
        about: act.noteOnly === true ? 'note' : 'decision',
        decision: act.noteOnly === true ? null : decisionOf(act),
        clips: act.reviews.map(({ clip }) => clip),
        kept: act.reviews.length - changed.size,
      };
    });
  }

  /**
   * Keeps what a person says of where and when clips were taken, all of it or nothing; it can be undone as a decision is.
   * @returns the act
   */
  settle(
    patches: ReadonlyMap<string, SettingPatch>,
    { by, from }: Pick<ReviewInput, 'by' | 'from'>,
  ): Promise<SettingAct> {
    return this.turns.take(async () => {
      const act: SettingAct = {
        act: randomUUID(),
        ...(from === undefined ? {} : { from }),
        ...(by === undefined ? {} : { by }),
        at: this.parts.now().toISOString(),
        settings: [...patches].map(([clip, patch]) => ({ clip, ...patch })),
      };
      await this.keepSettings(act.settings, act);
      return act;
    });
  }

  private async undoSettings(act: SettingAct, entry: Extract<ReviewEntry, { undo: string }>): Promise<Undone> {
    await this.keepSettings(act.settings, entry);
    const clips = act.settings.map(({ clip }) => clip);
    return { act: act.act, about: 'setting', decision: null, clips, kept: 0 };
  }

  private async keepSettings(
    settings: SettingAct['settings'],
    entry: ReviewEntry & { readonly at: string },
  ): Promise<void> {
    const { table, events } = this.parts;
    const clips = settings.map(({ clip }) => clip);
    await this.changes?.move(clips, this.sitesConcerned(settings), async () => {
      await this.log.append([entry]);
      this.history.take(entry);
      for (const clip of clips) table.settle(clip, this.history.settings.of(clip));
    });
    events.publish('review', { at: entry.at, by: entry.by, decision: 'setting', clips: clips.length });
  }

  /** All sites at which clips are, were or will be; none where only facts change on which no prediction depends. */
  private sitesConcerned(settings: SettingAct['settings']): Set<string | null> {
    const sites = new Set<string | null>();
    for (const { clip, site, capturedAt } of settings) {
      const row = this.parts.table.get(clip);
      if (row === undefined || (site === undefined && capturedAt === undefined)) continue;
      for (const one of [row.site, this.parts.table.originOf(row).site, ...this.history.settings.sitesSaid(clip)]) {
        sites.add(one);
      }
      if (site !== undefined) sites.add(site);
    }
    return sites;
  }

  /** Forgets what was said of clips whose files were deleted: another file may have the same name now. */
  async reopen(clips: readonly string[]): Promise<void> {
    await this.turns.take(async () => {
      const at = this.parts.now().toISOString();
      const entries = clips.map((clip): Review => ({ clip, decision: 'open', species: [], note: '', at }));
      await this.log.append(entries);
      for (const entry of entries) this.history.take(entry);
    });
  }

  private async keep(
    reviews: readonly Said[],
    { by, from }: Pick<ReviewInput, 'by' | 'from'>,
    noteOnly = false,
  ): Promise<Act> {
    const { table, now, events } = this.parts;
    const act: Act = {
      act: randomUUID(),
      ...(from === undefined ? {} : { from }),
      ...(by === undefined ? {} : { by }),
      at: now().toISOString(),
      ...(noteOnly ? { noteOnly } : {}),
      reviews: [...reviews],
    };
    if (reviews.length === 0) return act;
    await this.log.append([act]);
    for (const [clip, review] of this.history.take(act)) table.review(clip, review);
    events.publish('review', { act: act.act, by, decision: decisionOf(act), clips: reviews.length });
    return act;
  }

  /** What was decided stays as it is, with who and when. */
  private noted(row: ClipRow, note: string): Said {
    const before = this.history.of(row.id);
    if (before === undefined || before.decision === 'open') {
      return { clip: row.id, decision: 'open', species: [], note };
    }
    const { clip, decision, species, observations, by, at } = before;
    return {
      ...{ clip, decision, species, note, at },
      ...(observations === undefined ? {} : { observations }),
      ...(by === undefined ? {} : { by }),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.turns.over();
    await this.log[Symbol.asyncDispose]();
  }
}

/** Where a project keeps what people decided, below its folder. */
export const reviewsFile = 'reviews.jsonl';

/** The note that a new decision has: the clip's, unless it brings one. */
function noteOf({ note: before }: ClipRow, note: string | undefined): { note?: string } {
  const text = note ?? before;
  return text === '' ? {} : { note: text };
}

function decisionOf({ reviews }: Act): Decision {
  return reviews[0]?.decision ?? 'open';
}
