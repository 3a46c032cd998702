import type { Project } from '@primatrix/review-api';
import { say } from '../language/language.ts';
import { gridAddress } from '../shell/use-route.ts';

/** Clips that nobody has looked at: those on which the nets disagree most first, or, once there are suggestions, those that teach most. */
const queueFilter = 'review=open&sort=disagreement&descending=true';
const teachingFilter = 'review=open&sort=teaches';

export function ReviewQueueLink({ project }: { readonly project: Project }) {
  const open = project.reviewed['open'] ?? 0;
  return (
    <a className="button" href={gridAddress(project.suggestions?.basis == null ? queueFilter : teachingFilter)}>
      {say.project.queue}{' '}
      <span className="count" title={say.counts.clips(open)}>
        {say.number(open)}
      </span>
    </a>
  );
}
