import type { ClipDetail } from '@primatrix/review-api';
import { duration, moment, points } from '../shell/words.ts';
import { Key } from '../shell/key.tsx';
import { keyOf } from '../shell/keys.ts';

interface ClipFactsProps {
  readonly clip: ClipDetail;
  readonly onRetry: () => void;
  readonly onAsk: (what: 'note' | 'setting' | 'remove') => void;
}

/** What is known of a clip besides what it shows, and what can be done with it. */
export function ClipFacts({ clip, onRetry, onAsk }: ClipFactsProps) {
  return (
    <>
      <p className="facts">{factsOf(clip)}</p>
      {clip.note !== '' && <p className="note">{clip.note}</p>}
      {clip.reason !== '' && (
        <p className="trouble">
          {clip.state === 'failed' ? 'Cannot be read' : 'Incomplete'}: {clip.reason}
        </p>
      )}
      <div className="row care">
        <button type="button" onClick={() => onAsk('note')} aria-keyshortcuts={keyOf('t')}>
          Note… <Key of="t" />
        </button>
        <button type="button" onClick={() => onAsk('setting')} aria-keyshortcuts={keyOf('s')}>
          Site and time… <Key of="s" />
        </button>
        <button
          type="button"
          onClick={onRetry}
          aria-keyshortcuts={keyOf('r')}
          title="For example once the file was replaced"
        >
          Retry <Key of="r" />
        </button>
        <button type="button" onClick={() => onAsk('remove')} aria-keyshortcuts="Delete">
          Remove… <kbd>Del</kbd>
        </button>
      </div>
    </>
  );
}

function factsOf({ site, capturedAt, durationSeconds, width, height, fps, disagreement }: ClipDetail): string {
  return [
    site === null ? 'site unknown' : `site ${site}`,
    capturedAt === null ? 'time unknown' : moment(capturedAt),
    ...(durationSeconds === null ? [] : [duration(durationSeconds)]),
    ...(width === null || height === null ? [] : [`${width} × ${height}`]),
    ...(fps === null ? [] : [`${Math.round(fps * 100) / 100} frames per second`]),
    ...(disagreement === null ? [] : [`models differ by up to ${points(disagreement)}`]),
  ].join(' · ');
}
