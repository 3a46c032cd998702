import type { ClipDetail } from '@primatrix/review-api';
import { ClipCard } from '../grid/clip-card.tsx';
import { clipAddress } from '../shell/use-route.ts';
import { apart } from '../shell/words.ts';

/** What the same camera saw before and after. */
export function NeighbourList({ clip, filter }: { readonly clip: ClipDetail; readonly filter: string }) {
  const { neighbours, capturedAt } = clip;
  return (
    <section className="neighbours" aria-label="Before and after at this site">
      <h3>Before and after at this site</h3>
      {neighbours.length < 2 || capturedAt === null ? (
        <p className="hint">
          {capturedAt === null
            ? 'No capture time for this clip: add clips.csv, or set a time.'
            : 'No other clip of this site has a capture time.'}
        </p>
      ) : (
        <ol>
          {neighbours.map((one) => (
            <li key={one.id} aria-current={one.id === clip.id ? 'true' : undefined}>
              <a className="card" href={clipAddress(one.id, filter)}>
                <ClipCard clip={one} />
              </a>
              <span className="hint">
                {one.id === clip.id ? 'this clip' : apart(Date.parse(one.capturedAt ?? '') - Date.parse(capturedAt))}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
