import { useCallback, useEffect, useRef, useState } from 'react';
import type { ClipDetail, ClipPlace, Project, ReviewInput } from '@primatrix/review-api';
import { decideMany, decideOne } from '../shell/decisions.ts';
import { placeInQueue } from '../shell/queue.ts';
import { SayDialog } from '../grid/say-dialog.tsx';
import { api } from '../shell/api.ts';
import { ClipFacts } from './clip-facts.tsx';
import { HeardList } from './heard-list.tsx';
import { NeighbourList } from './neighbour-list.tsx';
import { PredictionTable } from './prediction-table.tsx';
import { retry, tell } from '../shell/notice.tsx';
import { Player } from './player.tsx';
import { RemoveDialog } from '../grid/remove-dialog.tsx';
import { ReviewPanel } from './review-panel.tsx';
import { selectionOf } from '../shell/selection.ts';
import { SettingDialog } from './setting-dialog.tsx';
import { ShortcutList } from './shortcut-list.tsx';
import { SignalStrips } from './signal-strips.tsx';
import { clipAddress, gridAddress } from '../shell/use-route.ts';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import { baseName, folderOf } from '../shell/words.ts';
import { say } from '../language/language.ts';

interface ClipPageProps {
  readonly id: string;
  /** Of the grid that it was opened from: says what comes before and after. */
  readonly filter: string;
  readonly project: Project;
  readonly version: number;
}

/** One clip: watched, compared and decided. */
export function ClipPage({ id, filter, project, version }: ClipPageProps) {
  const [clip, setClip] = useState<ClipDetail | null>(null);
  const [place, setPlace] = useState<ClipPlace | null>(null);
  const [trouble, setTrouble] = useState('');
  const [help, setHelp] = useState(false);
  const [asking, setAsking] = useState<'remove' | 'note' | 'setting' | null>(null);
  const player = useRef<HTMLMediaElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    api.clip(id).then(setClip, (error: Error) => setTrouble(error.message));
  }, [id, version]);
  const asked = useRef<Promise<ClipPlace> | null>(null);
  useEffect(() => {
    asked.current = placeInQueue(id, filter);
    asked.current.then(setPlace, (error: Error) => setTrouble(error.message));
  }, [id, filter]);
  useEffect(() => heading.current?.focus(), [clip?.id]);

  const go = useCallback(
    (to: string | null | undefined) => {
      if (to === null) tell({ says: say.clip.wasLast });
      else if (to !== undefined) location.hash = clipAddress(to, filter);
    },
    [filter],
  );

  const decide = useCallback(
    async (input: ReviewInput) => {
      try {
        // Who is quick decides before the answer is there; after the decision it would be another.
        const after = await asked.current;
        const stays = input.decision === 'open';
        await decideOne(
          { id, filename: clip?.filename ?? say.clip.thisClip },
          input,
          !stays && after?.next == null ? ` ${say.clip.wasLast}` : '',
        );
        setTrouble('');
        if (!stays && after?.next != null) go(after.next);
      } catch (error) {
        setTrouble((error as Error).message);
      }
    },
    [id, clip?.filename, go],
  );

  const again = () => void retry(new Set([id])).catch((error: Error) => setTrouble(error.message));
  // A removed clip has no page: the next one of the list is shown, or all of them.
  const leave = () =>
    void asked.current?.then(
      ({ next, previous }) =>
        (location.hash =
          next === null && previous === null ? gridAddress(filter) : clipAddress(next ?? previous ?? '', filter)),
    );

  useShortcuts({
    Delete: () => setAsking('remove'),
    t: () => setAsking('note'),
    s: () => setAsking('setting'),
    r: again,
    n: () => void asked.current?.then(({ next }) => go(next)),
    p: () => void asked.current?.then(({ previous }) => go(previous)),
    g: () => (location.hash = gridAddress(filter)),
    Escape: () => (location.hash = gridAddress(filter)),
    '?': () => setHelp(true),
    b: () => void decide({ decision: 'blank', species: [] }),
    u: () => void decide({ decision: 'unsure', species: [] }),
    ' ': () => void (player.current?.paused === true ? player.current.play() : player.current?.pause()),
  });

  return (
    <main className="clip">
      <nav className="crumbs" aria-label={say.grid.clips}>
        <a href={gridAddress(filter)}>{`← ${say.app.allClips}`}</a>
        <span className="place">
          {place?.index != null && say.counts.of(say.number(place.index + 1), say.number(place.total))}
        </span>
        {clip !== null && (
          <h2 ref={heading} tabIndex={-1} title={clip.filename}>
            <span>{folderOf(clip.filename)}</span>
            {baseName(clip.filename)}
          </h2>
        )}
        <button type="button" disabled={place?.previous == null} onClick={() => go(place?.previous)}>
          {say.clip.previous}
        </button>
        <button type="button" disabled={place?.next == null} onClick={() => go(place?.next)}>
          {say.clip.next}
        </button>
        <button type="button" onClick={() => setHelp(true)} aria-label={say.clip.shortcuts}>
          ?
        </button>
      </nav>
      {trouble !== '' && (
        <p className="trouble" role="alert">
          {trouble}
        </p>
      )}
      {clip === null ? (
        <p role="status">{say.shell.loading}</p>
      ) : (
        <>
          <div className="columns">
            <div className="watch">
              <Player clip={clip} classes={project.classes} player={player} />
              {clip.state !== 'failed' && clip.kind !== 'picture' && clip.kind !== null && (
                <SignalStrips clip={clip} player={player} />
              )}
              <HeardList clip={clip} player={player} />
              <ClipFacts clip={clip} onRetry={again} onAsk={setAsking} />
            </div>
            {project.me.role !== 'look' && (
              <ReviewPanel
                key={`${clip.id} ${clip.review?.act ?? clip.review?.at ?? ''}`}
                clip={clip}
                project={project}
                player={player}
                onDecide={decide}
              />
            )}
          </div>
          <PredictionTable clip={clip} project={project} />
          <NeighbourList clip={clip} filter={filter} />
        </>
      )}
      {asking === 'remove' && clip !== null && (
        <RemoveDialog selection={selectionOf(clip)} onClose={() => setAsking(null)} onRemoved={leave} />
      )}
      {asking === 'setting' && clip !== null && (
        <SettingDialog clip={clip} project={project} onClose={() => setAsking(null)} />
      )}
      {asking === 'note' && clip !== null && (
        <SayDialog
          what="note"
          of={baseName(clip.filename)}
          species={[]}
          note={clip.note}
          onSay={(input) =>
            void decideMany([id], input, baseName(clip.filename)).catch((error: Error) => setTrouble(error.message))
          }
          onClose={() => setAsking(null)}
        />
      )}
      {help && <ShortcutList onClose={() => setHelp(false)} />}
    </main>
  );
}
