import type { MouseEvent, ReactNode } from 'react';

export interface TimelineProps {
  readonly name: string;
  /** How long what is drawn is, and how long the whole axis is. */
  readonly seconds: number;
  readonly length: number;
  readonly onSeek: (event: MouseEvent<HTMLElement>) => void;
  readonly children: ReactNode;
}

/** Something drawn over time, as wide as it is long, with the current time marked. */
export function Timeline({ name, seconds, length, onSeek, children }: TimelineProps) {
  const share = length > 0 && seconds > 0 ? Math.min(1, seconds / length) : 1;
  return (
    <figure>
      <figcaption>{name}</figcaption>
      <div className="timeline" onClick={onSeek}>
        <div style={{ width: `${share * 100}%` }}>{children}</div>
        <i className="now" aria-hidden="true" />
      </div>
    </figure>
  );
}
