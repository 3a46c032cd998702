import type { ClipDetail } from '@primatrix/review-api';
import { duration, points } from '../shell/words.ts';
import { Key } from '../shell/key.tsx';
import { keyOf } from '../shell/keys.ts';
import { say } from '../language/language.ts';

interface ClipFactsProps {
  readonly clip: ClipDetail;
  readonly onRetry: () => void;
  readonly onAsk: (what: 'note' | 'setting' | 'remove') => void;
}

/** What is known of a clip besides what it shows, and what can be done with it. */
export function ClipFacts({ clip, onRetry, onAsk }: ClipFactsProps) {
  const words = say.clip.facts;
  return (
    <>
      <p className="facts">{factsOf(clip)}</p>
      {clip.note !== '' && <p className="note">{clip.note}</p>}
      {clip.fault !== null && (
        <p className="trouble">
          {(clip.state === 'failed' ? words.unreadable : words.incomplete)(say.names.faults[clip.fault])}{' '}
          {/* What the decoder says stays as it is. */}
          <small lang="en">{clip.reason}</small>
        </p>
      )}
      <div className="row care">
        <button type="button" onClick={() => onAsk('note')} aria-keyshortcuts={keyOf('t')}>
          {words.note} <Key of="t" />
        </button>
        <button type="button" onClick={() => onAsk('setting')} aria-keyshortcuts={keyOf('s')}>
          {words.setting} <Key of="s" />
        </button>
        <button type="button" onClick={onRetry} aria-keyshortcuts={keyOf('r')} title={words.retryWhen}>
          {words.retry} <Key of="r" />
        </button>
        <button type="button" onClick={() => onAsk('remove')} aria-keyshortcuts="Delete">
          {words.remove} <kbd>{say.keys.caps.Del}</kbd>
        </button>
      </div>
    </>
  );
}

function factsOf({ site, capturedAt, durationSeconds, width, height, fps, disagreement }: ClipDetail): string {
  const words = say.clip.facts;
  return [
    site === null ? words.noSite : words.site(site),
    capturedAt === null ? words.noTime : say.moment(capturedAt),
    ...(durationSeconds === null ? [] : [duration(durationSeconds)]),
    ...(width === null || height === null ? [] : [`${width} × ${height}`]),
    ...(fps === null ? [] : [words.fps(say.number(Math.round(fps * 100) / 100))]),
    ...(disagreement === null ? [] : [words.differ(points(disagreement))]),
  ].join(' · ');
}
