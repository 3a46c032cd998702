import type { ClipSummary } from '@primatrix/review-api';
import { Thumbnail } from './thumbnail.tsx';
import { baseName, percent, points } from '../shell/words.ts';

const decided = { accepted: '✓', corrected: '↺', blank: '∅', unsure: '?', open: '' } as const;

/** What a card says of a clip, in words: its species, or why there are none. */
function labelOf({ state, top, review }: ClipSummary): string {
  if (review !== null && review.species.length > 0) return review.species.join(', ');
  if (state === 'failed') return 'cannot be read';
  return top[0]?.species ?? 'waiting';
}

/** A clip in the grid or among neighbours: thumbnail, species and how sure. */
export function ClipCard({ clip }: { readonly clip: ClipSummary }) {
  const { id, filename, state, top, review, note, disagreement, suggestion } = clip;
  const [best] = top;
  return (
    <>
      <span className="picture">
        {state === 'failed' ? (
          <span className="nothing" aria-hidden="true">
            ⚠
          </span>
        ) : (
          <Thumbnail key={id} id={id} />
        )}
        {review !== null && (
          <span
            className={`mark ${review.decision}`}
            title={review.by === undefined ? review.decision : `${review.decision} by ${review.by}`}
          >
            {decided[review.decision]}
            <span className="hidden"> {review.decision}</span>
          </span>
        )}
        {note !== '' && (
          <span className="noted" title={note}>
            ✎<span className="hidden"> has a note</span>
          </span>
        )}
        {suggestion !== null && (
          <span className="suggested" title="Suggested by reviewed clips">
            <span className="hidden">suggested: </span>
            {suggestion.species}? {percent(suggestion.probability)}
          </span>
        )}
        {disagreement !== null && disagreement >= 0.5 && (
          <span className="differ" title={`Models differ by ${points(disagreement)}`}>
            ⇄<span className="hidden"> models disagree</span>
          </span>
        )}
      </span>
      <span className="species">
        <strong>{labelOf(clip)}</strong>
        {best !== undefined && review === null && (
          <span className={state === 'provisional' ? 'sure provisional' : 'sure'}>{percent(best.probability)}</span>
        )}
      </span>
      {best !== undefined && (
        <span className="bar" aria-hidden="true">
          <i style={{ width: `${best.probability * 100}%` }} />
        </span>
      )}
      <span className="name" title={filename}>
        {baseName(filename)}
      </span>
    </>
  );
}
