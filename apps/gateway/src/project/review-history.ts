import type { Review } from '@primatrix/review-api';
import { reviewsOf, type Act, type ReviewEntry, type SettingAct } from './review-entry.ts';
import { SettingHistory } from './setting-history.ts';

/** A review that changed, by its clip; undefined: the clip has none any more. */
export type ChangedReviews = ReadonlyMap<string, Review | undefined>;

/**
 * All that people decided, act by act. Of a clip the last review counts; an act that is undone is as if it had never
 * been, so that what others decided after it stays.
 */
export class ReviewHistory {
  /** In the order in which they were made. */
  private readonly byClip = new Map<string, Review[]>();
  private readonly acts = new Map<string, Act | SettingAct>();
  /** Where and when clips were taken, as people say. */
  readonly settings = new SettingHistory();

  /** Takes a line of the log; says whose review is another now. */
  take(entry: ReviewEntry): ChangedReviews {
    if ('undo' in entry) return this.undo(entry.undo);
    if ('reviews' in entry) {
      this.acts.set(entry.act, entry);
      return this.add(reviewsOf(entry));
    }
    if ('settings' in entry) {
      this.acts.set(entry.act, entry);
      this.settings.add(entry);
      return new Map();
    }
    return this.add([entry]);
  }

  /** The review of a clip that counts. */
  of(clip: string): Review | undefined {
    return this.byClip.get(clip)?.at(-1);
  }

  /** The last review of every clip that has one. */
  *all(): Iterable<Review> {
    for (const reviews of this.byClip.values()) {
      const last = reviews.at(-1);
      if (last !== undefined) yield last;
    }
  }

  /** What each person said last of a clip, by name; empty: of whom none is known. */
  opinionsOf(clip: string): ReadonlyMap<string, Review> {
    const opinions = new Map<string, Review>();
    for (const review of this.byClip.get(clip) ?? []) {
      if (review.decision !== 'open') opinions.set(review.by ?? '', review);
      else if (review.by === undefined) opinions.clear();
      else opinions.delete(review.by);
    }
    return opinions;
  }

  /** Clips of which anything was said. */
  clips(): Iterable<string> {
    return this.byClip.keys();
  }

  /** An act that was not undone. */
  act(name: string): Act | SettingAct | undefined {
    return this.acts.get(name);
  }

  /** What was decided last from one place; undefined where all of it is undone. */
  lastFrom(from: string | undefined): Act | SettingAct | undefined {
    let last: Act | SettingAct | undefined;
    for (const act of this.acts.values()) if (act.from === from) last = act;
    return last;
  }

  private add(reviews: readonly Review[]): ChangedReviews {
    const changed = new Map<string, Review | undefined>();
    for (const review of reviews) {
      const before = this.byClip.get(review.clip);
      if (before === undefined) this.byClip.set(review.clip, [review]);
      else before.push(review);
      changed.set(review.clip, review);
    }
    return changed;
  }

  private undo(name: string): ChangedReviews {
    const act = this.acts.get(name);
    this.acts.delete(name);
    if (act !== undefined && 'settings' in act) {
      this.settings.remove(act);
      return new Map();
    }
    const changed = new Map<string, Review | undefined>();
    for (const { clip } of act?.reviews ?? []) {
      const reviews = this.byClip.get(clip) ?? [];
      const at = reviews.findIndex((review) => review.act === name);
      if (at < 0) continue;
      const counted = at === reviews.length - 1;
      reviews.splice(at, 1);
      if (counted) changed.set(clip, reviews.at(-1));
    }
    return changed;
  }
}
