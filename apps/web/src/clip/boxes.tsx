import { useEffect, useState, type RefObject } from 'react';
import type { ClipDetail } from '@primatrix/review-api';
import { boxesAt, type ShownBox } from './boxes-at.ts';

interface BoxesProps {
  readonly clip: ClipDetail;
  /** Of the project. */
  readonly classes: readonly string[];
  /** Video or picture that they lie over. */
  readonly over: RefObject<HTMLVideoElement | HTMLImageElement | null>;
}

/** Where the picture itself lies in its element, which keeps the aspect and leaves bars; pixels. */
interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What the detector saw, drawn over the player at the time that it shows. */
export function Boxes({ clip: { seen, fps }, classes, over }: BoxesProps) {
  const [shown, setShown] = useState<readonly ShownBox[]>([]);
  const [place, setPlace] = useState<Place | null>(null);
  useEffect(() => {
    if (seen === null) return;
    let last = '';
    let frame = requestAnimationFrame(function tick() {
      const element = over.current;
      if (element !== null) {
        const at = element instanceof HTMLVideoElement ? element.currentTime * (fps ?? 0) : 0;
        const next = { boxes: boxesAt(seen, at, classes), place: placeOf(element) };
        const text = JSON.stringify(next);
        // Most frames change nothing.
        if (text !== last) {
          last = text;
          setShown(next.boxes);
          setPlace(next.place);
        }
      }
      frame = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(frame);
  }, [seen, fps, classes, over]);
  if (place === null) return null;
  return (
    <div className="boxes" style={place} aria-hidden="true">
      {shown.map(({ box: [left, top, width, height], group, says }, i) => (
        <span
          key={i}
          className={`box ${group}`}
          style={{ left: `${left * 100}%`, top: `${top * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` }}
        >
          <b>{says}</b>
        </span>
      ))}
    </div>
  );
}

function placeOf(element: HTMLVideoElement | HTMLImageElement): Place {
  const [width, height] =
    element instanceof HTMLVideoElement
      ? [element.videoWidth, element.videoHeight]
      : [element.naturalWidth, element.naturalHeight];
  const { clientWidth, clientHeight, offsetLeft, offsetTop } = element;
  const scale = width > 0 && height > 0 ? Math.min(clientWidth / width, clientHeight / height) : 0;
  return {
    left: offsetLeft + (clientWidth - width * scale) / 2,
    top: offsetTop + (clientHeight - height * scale) / 2,
    width: width * scale,
    height: height * scale,
  };
}
