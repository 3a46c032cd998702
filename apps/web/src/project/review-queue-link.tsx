import type { Project } from '@primatrix/review-api';
import { count } from '../shell/words.ts';
import { gridAddress } from '../shell/use-route.ts';

/** Clips that nobody has looked at: those on which the nets disagree most first, or, once there are suggestions, those that teach most. */
const queueFilter = 'review=open&sort=disagreement&descending=true';
const teachingFilter = 'review=open&sort=teaches';

export function ReviewQueueLink({ project }: { readonly project: Project }) {
  const open = project.reviewed['open'] ?? 0;
  return (
    <a className="button" href={gridAddress(project.suggestions?.basis == null ? queueFilter : teachingFilter)}>
      Review queue{' '}
      <span className="count" title={count(open, 'clip')}>
        {open.toLocaleString('en')}
      </span>
    </a>
  );
}
