import { useEffect, useRef, useState } from 'react';
import { thumbnailOf } from '../shell/api.ts';

/**
 * Pictures that are asked for at once. A browser has six connections to a host: were all of them to wait for pictures
 * that are still being made, no filter would answer.
 */
const atOnce = 2;
const pauseMs = 100;

const waiting: (() => void)[] = [];
let active = 0;

function next(): void {
  while (active < atOnce && waiting.length > 0) {
    active += 1;
    // What came into view last is what is looked at.
    waiting.pop()?.();
  }
}

/** A clip's thumbnail, asked for when it is its turn, and not at all where it went out of view before. */
export function Thumbnail({ id }: { readonly id: string }) {
  const [shown, setShown] = useState(false);
  const [missing, setMissing] = useState(false);
  const leave = useRef(() => undefined as void);

  useEffect(() => {
    let turn: 'waiting' | 'loading' | 'done' = 'waiting';
    const start = () => {
      turn = 'loading';
      setShown(true);
    };
    // What only flies past is not asked for, and an answer of the grid is painted before pictures are.
    const pause = setTimeout(() => {
      waiting.push(start);
      next();
    }, pauseMs);
    leave.current = () => {
      clearTimeout(pause);
      if (waiting.includes(start)) waiting.splice(waiting.indexOf(start), 1);
      if (turn === 'loading') active -= 1;
      turn = 'done';
      next();
    };
    return () => leave.current();
  }, [id]);

  if (!shown || missing) return null;
  return (
    <img
      src={thumbnailOf(id)}
      alt=""
      decoding="async"
      onLoad={() => leave.current()}
      onError={() => {
        leave.current();
        setMissing(true);
      }}
    />
  );
}
