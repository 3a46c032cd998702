import type { Suggestions } from '@primatrix/review-api';
import { count } from '../shell/words.ts';

/** What reviewed clips suggest of the others, and what that is worth. */
export function SuggestionState({ suggestions }: { readonly suggestions: Suggestions | null }) {
  if (suggestions === null) {
    return (
      <p className="hint">
        With an image encoder installed, one reviewed clip a species is enough for suggestions: see{' '}
        <code>primatrix models pull --list</code>.
      </p>
    );
  }
  const { model, busy, done, all, basis, trouble } = suggestions;
  return (
    <>
      <p role="status">
        {basis === null
          ? 'Review one clip of each of two species, blank among them: then the others get suggestions.'
          : `Suggestions from ${labelsOf(basis)}, by ${model}. ${worthOf(basis)}`}
      </p>
      {busy && done < all && (
        <div className="row">
          <progress max={all} value={done} aria-label="Looking at clips for suggestions" />
          <span className="hint">
            {done.toLocaleString('en')} of {count(all, 'clip')} looked at
          </span>
        </div>
      )}
      {trouble !== null && (
        <p className="trouble" role="alert">
          No suggestions: {trouble}
        </p>
      )}
    </>
  );
}

/** What suggestions rest on, in words. */
export function labelsOf({ labels, classes }: NonNullable<Suggestions['basis']>): string {
  return `${count(labels, 'reviewed clip')} of ${classes.length} species`;
}

/** What suggestions are worth, in words. */
export function worthOf({ accuracy, accuracyError, judged, by }: NonNullable<Suggestions['basis']>): string {
  if (accuracy === null) return 'What they are worth cannot be said before a species has two clips.';
  const off = accuracyError === null ? '' : ` ± ${(accuracyError * 100).toFixed(0)}`;
  return `${(accuracy * 100).toFixed(0)}${off} % right on ${count(judged, 'clip')} left out by ${by}.`;
}
