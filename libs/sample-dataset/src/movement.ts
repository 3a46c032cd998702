import type { Rng } from '@primatrix/rng';
import type { Animal, Pose } from './animals/animal.ts';

/** Where one animal is in one frame. */
export interface Step extends Pose {
  /** Pixels. */
  readonly x: number;
  /** Pixel row of the ground under it (for a flier, of its middle). */
  readonly y: number;
  /** Pixels to a body unit. */
  readonly scale: number;
  readonly facing: 1 | -1;
  /** Radians, nose up. */
  readonly pitch: number;
  /** Pixels above the ground. */
  readonly lift: number;
}

/** Where the walkers of a group are in step with each other: they keep one direction. */
export interface Course {
  readonly facing: 1 | -1;
  /** Where the first one starts, in picture widths from the side it comes from. */
  readonly start: number;
}

/** How far an animal has come, with its stops: picture widths, and how fast it is then (0 to 1). */
function progressAt(
  animal: Animal,
  rng: Rng,
  seconds: number,
  fps: number,
  frames: number,
): { way: Float64Array; effort: Float64Array } {
  const speed = rng.between(animal.speed[0], animal.speed[1]);
  const stopping = rng.uniform() < animal.pauses;
  const from = rng.between(0.3, 0.55) * seconds;
  const until = from + rng.between(0.8, 1.8);
  const way = new Float64Array(frames);
  const effort = new Float64Array(frames);
  let travelled = 0;
  for (let i = 0; i < frames; i++) {
    const t = i / fps;
    // A quarter of a second to stop and to start.
    const stopped = stopping ? Math.min(1, Math.max(0, (t - from) * 4)) * Math.min(1, Math.max(0, (until - t) * 4)) : 0;
    effort[i] = 1 - stopped;
    travelled += ((1 - stopped) * speed) / fps;
    way[i] = travelled;
  }
  return { way, effort };
}

/**
 * The path of one animal through a clip. It crosses from `course.facing`'s back side; out of sight on the other
 * side it turns and comes back. `order` is its place in the group: the later, the further behind and away.
 */
export function planWalk(
  animal: Animal,
  rng: Rng,
  course: Course,
  order: number,
  clip: { readonly width: number; readonly height: number; readonly fps: number; readonly frames: number },
): readonly Step[] {
  const { width, height, fps, frames } = clip;
  const seconds = frames / fps;
  const { way, effort } = progressAt(animal, rng, seconds, fps, frames);
  const depth = animal.flies ? rng.uniform() : Math.max(0, 1 - 0.5 * order) * rng.between(0.6, 1);
  const full = rng.between(animal.size[0], animal.size[1]) * height;
  const scale = full * (animal.flies ? 1 : 0.85 + 0.15 * depth);
  const ground = height * (animal.flies ? rng.between(0.25, 0.6) : 0.8 + 0.13 * depth);
  const margin = (1.1 * scale) / width;
  const lap = 1 + 2 * margin;
  const offset = course.start - order * (animal.flies ? rng.between(0.1, 0.2) : Math.max(0.2, (1.5 * scale) / width));
  const beat = rng.uniform();
  const wave = rng.between(0.9, 1.4);
  const steps: Step[] = [];
  for (let i = 0; i < frames; i++) {
    const t = i / fps;
    const along = offset + margin + (way[i] as number);
    const laps = Math.max(0, Math.floor(along / lap));
    const within = along - laps * lap;
    const outward = laps % 2 === 0;
    const facing: 1 | -1 = outward ? course.facing : course.facing === 1 ? -1 : 1;
    const fromLeft = facing === 1 ? within - margin : 1 + margin - within;
    const distance = (way[i] as number) * width;
    const phase = animal.flies ? beat + t * animal.stride : beat + distance / (animal.stride * scale);
    const pace = effort[i] as number;
    const turn = 2 * Math.PI * phase;
    // A hop is one arc a cycle; a walking body rises at each of the two steps.
    const rise = animal.hop > 0.2 ? Math.abs(Math.sin(turn / 2)) : 0.5 - 0.5 * Math.cos(2 * turn);
    steps.push({
      x: fromLeft * width,
      y: animal.flies ? ground + 0.1 * height * Math.sin(2 * Math.PI * wave * t + beat * 6) : ground,
      scale,
      facing,
      phase,
      seconds: t,
      effort: pace,
      pitch: animal.flies
        ? 0.25 * Math.cos(2 * Math.PI * wave * t + beat * 6) * -1
        : animal.rock * pace * Math.sin(turn),
      lift: animal.hop * scale * pace * rise,
    });
  }
  return steps;
}
