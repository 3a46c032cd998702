import type { Suggestions } from '@primatrix/review-api';
import { say } from '../language/language.ts';
import { percentOff } from '../shell/words.ts';

/** What reviewed clips suggest of the others, and what that is worth. */
export function SuggestionState({ suggestions }: { readonly suggestions: Suggestions | null }) {
  const words = say.models.suggestions;
  if (suggestions === null) {
    return <p className="hint">{words.needEncoder(<code>primatrix models pull --list</code>)}</p>;
  }
  const { model, busy, done, all, basis, trouble } = suggestions;
  return (
    <>
      <p role="status">{basis === null ? words.needClips : words.basis(labelsOf(basis), model, worthOf(basis))}</p>
      {busy && done < all && (
        <div className="row">
          <progress max={all} value={done} aria-label={words.progress} />
          <span className="hint">{words.done(say.number(done), say.counts.clips(all))}</span>
        </div>
      )}
      {trouble !== null && (
        <p className="trouble" role="alert">
          {words.trouble(trouble)}
        </p>
      )}
    </>
  );
}

/** What suggestions rest on, in words. */
export function labelsOf({ labels, classes }: NonNullable<Suggestions['basis']>): string {
  return say.models.suggestions.labels(labels, classes.length);
}

/** What suggestions are worth, in words. */
export function worthOf({ accuracy, accuracyError, judged, by }: NonNullable<Suggestions['basis']>): string {
  const words = say.models.suggestions;
  if (accuracy === null) return words.unknownWorth;
  const worth = by === 'site' ? words.worthBySite : words.worthByClip;
  return worth(percentOff(accuracy, accuracyError), say.counts.clips(judged));
}
