import { useState, type RefObject } from 'react';
import type { ClipDetail } from '@primatrix/review-api';
import { mediaOf, thumbnailOf } from '../shell/api.ts';

interface PlayerProps {
  readonly clip: ClipDetail;
  readonly player: RefObject<HTMLMediaElement | null>;
}

/** The clip itself: moving, still or heard. */
export function Player({ clip, player }: PlayerProps) {
  const [broken, setBroken] = useState(false);
  const { id, kind, filename } = clip;
  if (broken || (clip.state === 'failed' && kind === null)) {
    return <p className="nothing">This clip cannot be played.</p>;
  }
  const onError = () => setBroken(true);
  if (kind === 'picture') {
    return <img className="player" src={mediaOf(id)} alt={`Picture ${filename}`} onError={onError} />;
  }
  if (kind === 'sound') {
    return (
      <audio
        className="player"
        ref={player as RefObject<HTMLAudioElement | null>}
        src={mediaOf(id)}
        controls
        aria-label={`Sound ${filename}`}
        onError={onError}
      />
    );
  }
  return (
    <video
      className="player"
      ref={player as RefObject<HTMLVideoElement | null>}
      src={mediaOf(id)}
      poster={thumbnailOf(id)}
      controls
      autoPlay
      muted
      loop
      playsInline
      aria-label={`Clip ${filename}`}
      onError={onError}
    />
  );
}
