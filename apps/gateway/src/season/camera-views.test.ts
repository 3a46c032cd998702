import { describe, expect, it } from 'vitest';
import { covered, moved, type CameraView } from './camera-views.ts';

const [columns, rows] = [16, 9];
const hourMs = 3_600_000;

/** Chance of a seed, 0 to 1. */
function chance(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

type Scene = (x: number, y: number) => number;

/** Trunks, bushes and sky: dark and light patches that differ with the seed. */
function forest(seed: number): Scene {
  const next = chance(seed);
  const patches = Array.from({ length: 12 }, () => [
    next() * columns,
    next() * rows,
    1 + next() * 3,
    next() * 160 - 80,
  ]);
  return (x, y) =>
    120 +
    patches.reduce(
      (sum, [px = 0, py = 0, size = 1, tone = 0]) =>
        sum + tone * Math.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * size ** 2)),
      0,
    );
}

let clips = 0;
/** One clip of a scene: a little noise, and light that differs. */
function view(scene: Scene, day: number, hour: number, { gain = 1, lift = 0, noise = 6 } = {}): CameraView {
  const next = chance(++clips);
  const greys = Uint8Array.from({ length: columns * rows }, (_, i) => {
    const grey = scene(i % columns, Math.floor(i / columns)) * gain + lift + (next() - 0.5) * noise;
    return Math.max(0, Math.min(255, Math.round(grey)));
  });
  return { site: 'ridge', start: day * 24 * hourMs + hour * hourMs, hour, greys };
}

/** A clip at each of these hours of some days. */
function season(scene: Scene, from: number, to: number, hours = [10, 14]): CameraView[] {
  return Array.from({ length: to - from }, (_, i) =>
    hours.map((hour) => view(scene, from + i, hour, { gain: 0.7 + 0.05 * (i % 7), lift: (i % 5) * 4 })),
  ).flat();
}

const [ridge, river] = [forest(11), forest(99)];
const dayOf = ({ start }: CameraView) => Math.floor(start / (24 * hourMs));

describe('a camera that moved', () => {
  it('is told where its view changes and stays changed, with the first clips after', () => {
    const changes = moved([...season(ridge, 0, 10), ...season(river, 10, 20)]);
    expect(changes.map((change) => change.map(dayOf))).toEqual([[10, 10, 11, 11, 12]]);
  });

  it('is told once of a change that is seen by day and by night, and of each of two moves', () => {
    const flash: Scene = (x, y) => ridge(x, y) * Math.exp(-(((x - 8) / 6) ** 2));
    const flashed: Scene = (x, y) => river(x, y) * Math.exp(-(((x - 8) / 6) ** 2));
    const both = [
      ...season(ridge, 0, 10),
      ...season(flash, 0, 10, [22, 2]),
      ...season(river, 10, 20),
      ...season(flashed, 10, 20, [22, 2]),
    ];
    expect(moved(both)).toHaveLength(1);
    const third = forest(5);
    expect(moved([...season(ridge, 0, 10), ...season(river, 10, 25), ...season(third, 25, 40)])).toHaveLength(2);
  });

  it('differs from one that looks the other way for some days and back', () =>
    expect(moved([...season(ridge, 0, 10), ...season(river, 10, 14), ...season(ridge, 14, 24)])).toEqual([]));

  it('is not told of by few clips', () => expect(moved([...season(ridge, 0, 2), ...season(river, 2, 20)])).toEqual([]));

  it('is not told of by an animal that stands large in view, however often it triggers in a day', () => {
    const elephant: Scene = (x, y) => (x > 3 && x < 14 && y > 1 ? 60 : ridge(x, y));
    const herd = Array.from({ length: 30 }, (_, i) => view(elephant, 10, 9 + i / 6));
    expect(moved([...season(ridge, 0, 10), ...herd, ...season(ridge, 11, 20)])).toEqual([]);
    // Nor where nothing comes after it.
    expect(moved([...season(ridge, 0, 10), ...herd])).toEqual([]);
  });

  it('is not told of by an animal that passes near at each clip and never twice at the same place', () => {
    const passing = Array.from({ length: 20 }, (_, i) =>
      view((x, y) => (Math.abs(x - (i % 16)) < 3 && y > 2 ? 40 : ridge(x, y)), 10 + i, 11),
    );
    expect(moved([...season(ridge, 0, 10), ...passing])).toEqual([]);
  });

  it.each([
    ['night after day', (): CameraView[] => [...season(ridge, 0, 10), ...season((x) => 200 - 9 * x, 10, 20, [22, 1])]],
    ['dusk and dawn', (): CameraView[] => [...season(ridge, 0, 10), ...season(river, 10, 20, [6, 18])]],
    ['fog for days', (): CameraView[] => [...season(ridge, 0, 10), ...season((_, y) => 190 + y, 10, 20)]],
    ['darkness', (): CameraView[] => [...season(ridge, 0, 10), ...season(() => 4, 10, 20)]],
    ['other light', (): CameraView[] => [...season(ridge, 0, 10), ...season((x, y) => 0.4 * ridge(x, y) + 9, 10, 20)]],
    [
      'leaves that grow',
      (): CameraView[] => [
        ...season(ridge, 0, 10),
        ...Array.from({ length: 20 }, (_, i) =>
          season((x, y) => ((20 - i) * ridge(x, y) + i * river(x, y)) / 20, 10 + i, 11 + i),
        ).flat(),
      ],
    ],
  ])('is not told of by %s', (_, views) => expect(moved(views())).toEqual([]));
});

describe('a covered lens', () => {
  it('is told where clips by day show nothing, in a row and over more than a day', () => {
    const blind = season(() => 12, 10, 14);
    expect(covered([...season(ridge, 0, 10), ...blind, ...season(ridge, 14, 20)]).map(dayOf)).toEqual(blind.map(dayOf));
    expect(covered(season(() => 230, 0, 5))).toHaveLength(10);
  });

  it.each([
    ['nights', season(() => 3, 0, 10, [22, 2])],
    ['fog in which the ground is seen', season((_, y) => 170 - 6 * y, 0, 10)],
    ['an animal before the lens for an hour', Array.from({ length: 20 }, (_, i) => view(() => 30, 3, 10 + i / 20))],
    ['single dark clips', season(ridge, 0, 10).flatMap((clip) => [clip, view(() => 9, dayOf(clip), 12)])],
  ])('is not told of by %s', (_, views) => expect(covered(views)).toEqual([]));
});
