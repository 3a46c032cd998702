import { useRef, useState, type RefObject } from 'react';
import type { ClipDetail } from '@primatrix/review-api';
import { Boxes } from './boxes.tsx';
import { DetectionList } from './detection-list.tsx';
import { mediaOf, thumbnailOf } from '../shell/api.ts';
import { say } from '../language/language.ts';

interface PlayerProps {
  readonly clip: ClipDetail;
  /** Of the project. */
  readonly classes: readonly string[];
  readonly player: RefObject<HTMLMediaElement | null>;
}

/** The clip itself: moving, still or heard. */
export function Player({ clip, classes, player }: PlayerProps) {
  const [broken, setBroken] = useState(false);
  const [boxes, setBoxes] = useState(() => localStorage.getItem(boxesKey) !== 'false');
  const picture = useRef<HTMLImageElement>(null);
  const showBoxes = (shown: boolean) => {
    localStorage.setItem(boxesKey, String(shown));
    setBoxes(shown);
  };
  const list = <DetectionList clip={clip} classes={classes} player={player} shown={boxes} onShow={showBoxes} />;
  const { id, kind, filename, width, height } = clip;
  // Before the file is there, the page is laid out as with it.
  const shape = width === null || height === null ? {} : { aspectRatio: `${width} / ${height}` };
  if (broken || (clip.state === 'failed' && kind === null)) {
    return <p className="nothing">{say.clip.player.broken}</p>;
  }
  const onError = () => setBroken(true);
  if (kind === 'picture') {
    return (
      <>
        <div className="stage">
          <img
            className="player"
            ref={picture}
            src={mediaOf(id)}
            alt={say.clip.player.picture(filename)}
            onError={onError}
          />
          {boxes && <Boxes clip={clip} classes={classes} over={picture} />}
        </div>
        {list}
      </>
    );
  }
  if (kind === 'sound') {
    return (
      <audio
        className="player"
        ref={player as RefObject<HTMLAudioElement | null>}
        src={mediaOf(id)}
        controls
        aria-label={say.clip.player.sound(filename)}
        onError={onError}
      />
    );
  }
  return (
    <>
      <div className="stage">
        <video
          className="player"
          style={shape}
          ref={player as RefObject<HTMLVideoElement | null>}
          src={mediaOf(id)}
          poster={thumbnailOf(id)}
          controls
          autoPlay
          muted
          loop
          playsInline
          aria-label={say.clip.player.video(filename)}
          onError={onError}
        />
        {boxes && <Boxes clip={clip} classes={classes} over={player as RefObject<HTMLVideoElement | null>} />}
      </div>
      {list}
    </>
  );
}

const boxesKey = 'primatrix-boxes';
