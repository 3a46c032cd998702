import type { ClipDetail } from '@primatrix/review-api';
import { ClipCard } from '../grid/clip-card.tsx';
import { clipAddress } from '../shell/use-route.ts';
import { apart } from '../shell/words.ts';
import { say } from '../language/language.ts';

/** What the same camera saw before and after. */
export function NeighbourList({ clip, filter }: { readonly clip: ClipDetail; readonly filter: string }) {
  const { neighbours, capturedAt } = clip;
  const words = say.clip.neighbours;
  return (
    <section className="neighbours" aria-label={words.title}>
      <h3>{words.title}</h3>
      {neighbours.length < 2 || capturedAt === null ? (
        <p className="hint">{capturedAt === null ? words.noTime : words.alone}</p>
      ) : (
        <ol>
          {neighbours.map((one) => (
            <li key={one.id} aria-current={one.id === clip.id ? 'true' : undefined}>
              <a className="card" href={clipAddress(one.id, filter)}>
                <ClipCard clip={one} />
              </a>
              <span className="hint">
                {one.id === clip.id ? words.thisClip : apart(Date.parse(one.capturedAt ?? '') - Date.parse(capturedAt))}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
