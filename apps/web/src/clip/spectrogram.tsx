import { useEffect, useRef, useState, type MouseEvent } from 'react';
import type { ClipSpectrogram } from '@primatrix/review-api';
import { api } from '../shell/api.ts';
import { Timeline } from './timeline.tsx';
import { say } from '../language/language.ts';

interface SpectrogramProps {
  readonly id: string;
  /** Seconds of the whole time axis. */
  readonly length: number;
  readonly onSeek: (event: MouseEvent<HTMLElement>) => void;
}

/** Decibels below the loudest that are still told from nothing. */
const shownDecibels = 60;
/** Frequencies that are named beside the picture, Hz. */
const named = [200, 1000, 5000];

/** From nothing to the loudest, as red, green, blue: on light paper loud is dark, on dark paper it is light. */
const colours = {
  light: [
    [244, 246, 245],
    [150, 205, 180],
    [31, 111, 84],
    [6, 30, 22],
  ],
  dark: [
    [29, 35, 37],
    [31, 84, 66],
    [88, 194, 154],
    [240, 255, 248],
  ],
} as const;

/** What a clip sounds like, by time and frequency. */
export function Spectrogram({ id, length, onSeek }: SpectrogramProps) {
  const [sound, setSound] = useState<ClipSpectrogram | null>(null);
  const [trouble, setTrouble] = useState('');
  const dark = useDark();
  const words = say.clip.signals;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let left = false;
    api.spectrogram(id).then(
      (loaded) => !left && setSound(loaded),
      (error: Error) => !left && setTrouble(error.message),
    );
    return () => void (left = true);
  }, [id]);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context != null && sound !== null) draw(context, sound, colours[dark ? 'dark' : 'light']);
  }, [sound, dark]);

  if (trouble !== '') {
    return (
      <p className="hint" role="alert">
        {words.undrawn(trouble)}
      </p>
    );
  }
  if (sound === null) {
    return (
      <p className="hint" role="status">
        {words.drawing}
      </p>
    );
  }
  const { columns, bandHz, seconds } = sound;
  if (columns === 0) return <p className="hint silent">{words.silent}</p>;
  return (
    <Timeline name={words.spectrogram} seconds={seconds} length={length} onSeek={onSeek}>
      <canvas ref={canvas} width={columns} height={bandHz.length} role="img" aria-label={inWords(sound)} />
      {named.map((hz) => (
        <span key={hz} className="hz" aria-hidden="true" style={{ bottom: `${heightOf(hz, bandHz) * 100}%` }}>
          {hz < 1000 ? `${hz} Hz` : `${hz / 1000} kHz`}
        </span>
      ))}
    </Timeline>
  );
}

function levelsOf({ levels }: ClipSpectrogram): Uint8Array {
  return Uint8Array.from(atob(levels), (character) => character.charCodeAt(0));
}

function draw(
  context: CanvasRenderingContext2D,
  sound: ClipSpectrogram,
  [none, some, much, most]: (typeof colours)[keyof typeof colours],
): void {
  const {
    columns,
    bandHz: { length: bands },
    range,
  } = sound;
  const levels = levelsOf(sound);
  const loudest = levels.reduce((a, b) => Math.max(a, b), 1);
  const span = Math.min(loudest, (255 * shownDecibels) / (range.loudest - range.quietest));
  const picture = context.createImageData(columns, bands);
  const stops = [none, some, much, most];
  levels.forEach((level, i) => {
    const share = Math.max(0, (level - loudest + span) / span) * (stops.length - 1);
    const from = Math.min(stops.length - 2, Math.floor(share));
    const at = ((bands - 1 - (i % bands)) * columns + Math.floor(i / bands)) * 4;
    for (let c = 0; c < 3; c++) {
      picture.data[at + c] =
        (stops[from]?.[c] ?? 0) + (share - from) * ((stops[from + 1]?.[c] ?? 0) - (stops[from]?.[c] ?? 0));
    }
    picture.data[at + 3] = 255;
  });
  context.putImageData(picture, 0, 0);
}

/** Where a frequency lies, 0..1 from below. */
function heightOf(hz: number, bandHz: readonly number[]): number {
  const above = bandHz.findIndex((centre) => centre >= hz);
  if (above < 1) return above < 0 ? 1 : 0;
  const [below, over] = [bandHz[above - 1] ?? 0, bandHz[above] ?? 0];
  return (above - 0.5 + (hz - below) / (over - below)) / bandHz.length;
}

/** What the picture shows, for those who do not see it. */
function inWords(sound: ClipSpectrogram): string {
  const { bandHz, range, seconds, columns } = sound;
  const levels = levelsOf(sound);
  const peak = levels.indexOf(levels.reduce((a, b) => Math.max(a, b), 0));
  const sums = bandHz.map((_, band) =>
    levels.reduce((sum, level, i) => (i % bandHz.length === band ? sum + level : sum), 0),
  );
  const decibels = range.quietest + ((levels[peak] ?? 0) / 255) * (range.loudest - range.quietest);
  const hz = (band: number) => `${say.number(bandHz[band] ?? 0)} Hz`;
  const tenths = (value: number) => say.units.seconds(say.fixed(value, 1));
  const at = ((Math.floor(peak / bandHz.length) + 0.5) / columns) * seconds;
  return say.clip.signals.heard({
    length: tenths(seconds),
    lowest: hz(0),
    highest: hz(bandHz.length - 1),
    at: tenths(at),
    loudest: hz(peak % bandHz.length),
    decibels: Math.round(decibels),
    most: hz(sums.indexOf(Math.max(...sums))),
  });
}

function useDark(): boolean {
  const [dark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const listen = () => setDark(query.matches);
    query.addEventListener('change', listen);
    return () => query.removeEventListener('change', listen);
  }, []);
  return dark;
}
