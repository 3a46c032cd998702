import type { ClipDetail, Project } from '@primatrix/review-api';
import { labelsOf, worthOf } from '../models/suggestion-state.tsx';
import { percent, speciesName } from '../shell/words.ts';
import { Key } from '../shell/key.tsx';
import { keyOf } from '../shell/keys.ts';
import { say } from '../language/language.ts';

interface SuggestionBoxProps {
  readonly clip: Pick<ClipDetail, 'suggestion'>;
  readonly project: Pick<Project, 'suggestions'>;
  readonly onTake: () => void;
}

/** What reviewed clips suggest, marked as that, with what it is worth. */
export function SuggestionBox({ clip: { suggestion }, project: { suggestions }, onTake }: SuggestionBoxProps) {
  if (suggestion === null || suggestions?.basis == null) return null;
  return (
    <div className="suggestion">
      <button type="button" onClick={onTake} aria-keyshortcuts={keyOf('e')}>
        {say.clip.review.suggested(speciesName(suggestion.species))} <Key of="e" />{' '}
        <span className="hint">{percent(suggestion.probability)}</span>
      </button>
      <p className="hint">{say.models.suggestions.from(labelsOf(suggestions.basis), worthOf(suggestions.basis))}</p>
    </div>
  );
}
