import type { ClipSummary } from '@primatrix/review-api';
import { Thumbnail } from './thumbnail.tsx';
import { say } from '../language/language.ts';
import { Icon, type IconName } from '../shell/icon.tsx';
import { baseName, percent, points, speciesList, speciesName } from '../shell/words.ts';

const decided: Readonly<Record<string, IconName>> = {
  accepted: 'check',
  corrected: 'corrected',
  blank: 'blank',
  unsure: 'question',
};

/** What a card says of a clip, in words: its species, or why there are none. */
function labelOf({ state, top, review }: ClipSummary): string {
  if (review !== null && review.species.length > 0) return speciesList(review.species);
  if (state === 'failed') return say.grid.card.failed;
  return top[0] === undefined ? say.grid.card.waiting : speciesName(top[0].species);
}

/** A clip in the grid or among neighbours: thumbnail, species and how sure. */
export function ClipCard({ clip }: { readonly clip: ClipSummary }) {
  const { id, filename, state, top, review, note, disagreement, suggestion } = clip;
  const [best] = top;
  const words = say.grid.card;
  const place = [
    ...(clip.capturedAt === null ? [] : [say.moment(clip.capturedAt)]),
    ...(clip.site === null ? [] : [baseName(clip.site)]),
  ].join(' · ');
  const icon = review === null ? undefined : decided[review.decision];
  const decision = review === null ? '' : say.names.decisions[review.decision];
  return (
    <>
      <span className="picture">
        {state === 'failed' ? (
          <span className="nothing" aria-hidden="true">
            <Icon name="warning" />
          </span>
        ) : (
          <Thumbnail key={id} id={id} />
        )}
        {review !== null && (
          <span
            className={`mark ${review.decision}`}
            title={review.by === undefined ? decision : words.decidedBy(decision, review.by)}
          >
            {icon !== undefined && <Icon name={icon} />}
            <span className="hidden"> {decision}</span>
          </span>
        )}
        {note !== '' && (
          <span className="noted" title={note}>
            <Icon name="pencil" />
            <span className="hidden"> {words.hasNote}</span>
          </span>
        )}
        {suggestion !== null && (
          <span className="suggested" title={words.suggestedBy}>
            <span className="hidden">{words.suggested} </span>
            {words.suggestion(speciesName(suggestion.species), percent(suggestion.probability))}
          </span>
        )}
        {disagreement !== null && disagreement >= 0.5 && (
          <span className="differ" title={words.differ(points(disagreement))}>
            <Icon name="differ" />
            <span className="hidden"> {words.disagree}</span>
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
        <span className={`bar ${review?.decision ?? state}`} aria-hidden="true">
          <i style={{ width: `${best.probability * 100}%` }} />
        </span>
      )}
      <span className="name" title={filename}>
        <bdi>{baseName(filename)}</bdi>
      </span>
      <span className="place" title={place}>
        {place}
      </span>
    </>
  );
}
