import { groupEvents } from '@primatrix/dataset';
import { backdropColumns } from '@primatrix/prediction';

/** What a clip's picture shows behind all that moves. */
export interface CameraView {
  /** One site's views are looked at together. */
  readonly site: string | null;
  /** When it was taken, milliseconds since 1970. */
  readonly start: number;
  /** Hour of the camera's clock, 0 to 23. */
  readonly hour: number;
  /** [9 * 16] greys, 0 to 255, rows from the top. */
  readonly greys: Uint8Array;
}

/** Events before and after that must agree among themselves: an animal that stays is one event, or two. */
const steady = 5;
/** Events after a change of which none may show the view before, and events before it of which none may show the view after. */
const stays = 20;
/** Correlation of two views from which on they are one, and below which they have nothing in common. */
const same = 0.7;
const other = 0.3;
/** Cells around one whose mean is taken off: sky above and ground below are the same wherever a camera looks. */
const around = 2;
/** Details that spread less, in greys, are too little to tell a view from another: fog, darkness. */
const leastSpread = 3;
/** The events on each side of a change are taken over more than so long: a herd that stays a day is no other view. */
const leastSpan = 24 * 3_600_000;

/** Day and night are compared each with its own kind: an infrared flash lights other things than the sun. */
const kinds = [(hour: number) => hour >= 9 && hour < 16, (hour: number) => hour >= 21 || hour < 4] as const;

/** Spread of greys below which a picture shows nothing, and clips in a row, over more than a day, that show nothing. */
const noSpread = 3;
const blindClips = 5;

/**
 * Changes of a camera's view that stay. Told only where events before agree among themselves, events after agree among themselves, both have
 * nothing in common, and neither view is seen on the other side of the change.
 * @param views of one site
 * @returns for each change the first views after it, one an event
 */
export function moved<View extends CameraView>(views: readonly View[]): View[][] {
  const changes = kinds.flatMap((isKind) => changesOf(views.filter(({ hour }) => isKind(hour))));
  // By day and by night it is one change.
  changes.sort((a, b) => startOf(a) - startOf(b));
  const apart: View[][] = [];
  for (const change of changes) {
    const last = apart.at(-1);
    if (last !== undefined && startOf(change) - startOf(last) < 7 * leastSpan) last.push(...change);
    else apart.push(change);
  }
  return apart;
}

const startOf = (change: readonly CameraView[]) => change[0]?.start ?? 0;

function changesOf<View extends CameraView>(views: readonly View[]): View[][] {
  const clips = views.flatMap((view) => {
    const shape = shapeOf(view.greys);
    return shape === undefined ? [] : [{ ...view, end: view.start, view, shape }];
  });
  // Clips of one event show the same animal at the same place: they count once.
  const events = groupEvents(clips).map(({ clips: [first] }) => first);
  events.sort((a, b) => a.start - b.start);
  const found: View[][] = [];
  let begin = 0;
  for (let i = steady; i + steady <= events.length; i++) {
    if (i - begin < steady) continue;
    const [last, next] = [events[i - 1], events[i]];
    if (last === undefined || next === undefined || likeness(last.shape, next.shape) >= other) continue;
    const before = events.slice(i - steady, i);
    const after = events.slice(i, i + steady);
    if (spanOf(before) < leastSpan || spanOf(after) < leastSpan || !agree(before) || !agree(after)) continue;
    // What comes back was snow, a flood, or a visitor.
    if (anyAlike(before, events.slice(i, i + stays)) || anyAlike(events.slice(Math.max(begin, i - stays), i), after)) {
      continue;
    }
    found.push(after.map(({ view }) => view));
    begin = i;
  }
  return found;
}

const spanOf = (views: readonly { readonly start: number }[]) => (views.at(-1)?.start ?? 0) - (views[0]?.start ?? 0);

function agree(views: readonly { readonly shape: Float32Array }[]): boolean {
  return views.every((one, i) => views.slice(i + 1).every((next) => likeness(one.shape, next.shape) >= same));
}

function anyAlike(some: readonly { shape: Float32Array }[], others: readonly { shape: Float32Array }[]): boolean {
  return some.some((one) => others.some((next) => likeness(one.shape, next.shape) >= other));
}

/** Of backdrops that were looked at before: the season is counted anew whenever a clip changes. */
const shapes = new WeakMap<Uint8Array, Float32Array | 'nothing'>();

function shapeOf(greys: Uint8Array): Float32Array | undefined {
  const known = shapes.get(greys) ?? newShape(greys) ?? 'nothing';
  shapes.set(greys, known);
  return known === 'nothing' ? undefined : known;
}

/** Greys less those around them, of mean 0 and length 1: light and contrast do not count. Undefined where they spread too little. */
function newShape(greys: Uint8Array): Float32Array | undefined {
  const means = meansAround(greys);
  const details = means.map((mean, cell) => (greys[cell] as number) - mean);
  const { mean, spread } = spreadOf(details);
  if (spread < leastSpread) return undefined;
  const length = spread * Math.sqrt(details.length);
  return Float32Array.from(details, (detail) => (detail - mean) / length);
}

/** Of each cell the mean of those around it, by sums of all cells above and to the left: 50,000 clips are looked at in one go. */
function meansAround(greys: Uint8Array): Float64Array {
  const [columns, rows] = [backdropColumns, Math.ceil(greys.length / backdropColumns)];
  const sums = new Float64Array((rows + 1) * (columns + 1));
  const at = (row: number, column: number) => sums[row * (columns + 1) + column] as number;
  for (let y = 0; y < rows; y++) {
    let line = 0;
    for (let x = 0; x < columns; x++) {
      line += greys[y * columns + x] ?? 0;
      sums[(y + 1) * (columns + 1) + x + 1] = at(y, x + 1) + line;
    }
  }
  return Float64Array.from(greys, (_, cell) => {
    const [y, x] = [Math.floor(cell / columns), cell % columns];
    const [top, bottom] = [Math.max(0, y - around), Math.min(rows, y + around + 1)];
    const [left, right] = [Math.max(0, x - around), Math.min(columns, x + around + 1)];
    const sum = at(bottom, right) - at(top, right) - at(bottom, left) + at(top, left);
    return sum / ((bottom - top) * (right - left));
  });
}

/** Correlation, -1 to 1. */
function likeness(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function spreadOf(greys: ArrayLike<number> & Iterable<number>): { readonly mean: number; readonly spread: number } {
  let [sum, squares] = [0, 0];
  for (const grey of greys) {
    sum += grey;
    squares += grey * grey;
  }
  const mean = sum / greys.length;
  return { mean, spread: Math.sqrt(Math.max(0, squares / greys.length - mean * mean)) };
}

/**
 * Clips by day on which nothing can be told apart: runs of five and more, over more than a day, without one between that shows something.
 * @param views of one site
 */
export function covered<View extends CameraView>(views: readonly View[]): View[] {
  const [isDay] = kinds;
  const byDay = views.filter(({ hour }) => isDay(hour)).toSorted((a, b) => a.start - b.start);
  const found: View[] = [];
  let run: View[] = [];
  const close = () => {
    if (run.length >= blindClips && spanOf(run) > leastSpan) found.push(...run);
    run = [];
  };
  for (const view of byDay) {
    if (spreadOf(view.greys).spread < noSpread) run.push(view);
    else close();
  }
  close();
  return found;
}
