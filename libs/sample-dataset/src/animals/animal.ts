import type { Rng } from '@primatrix/rng';
import type { Paint, Pen } from '../picture.ts';

/** Where in its movement an animal is, for one frame. */
export interface Pose {
  /** Steps (or wing beats) made so far; the fraction is the place within one. */
  readonly phase: number;
  /** 0 standing to 1 at full speed: how far the legs swing. */
  readonly effort: number;
  /** Seconds since the clip began, for ears, tails and trunks. */
  readonly seconds: number;
}

/** How a kind of animal looks and moves. Sizes are in parts of the picture's height, speeds in widths a second. */
export interface Animal {
  readonly size: readonly [number, number];
  readonly speed: readonly [number, number];
  /** Body units travelled by one cycle of the legs; for a flier, beats a second. */
  readonly stride: number;
  /** Rise of the body at mid-step, in body units: 0 glides, 0.3 hops. */
  readonly hop: number;
  /** Radians by which the body rocks with each step. */
  readonly rock: number;
  /** Chance that it stands still for a while during a clip. */
  readonly pauses: number;
  /** Fewest and most of them in one clip. */
  readonly group: readonly [number, number];
  /** Crosses the air in waves instead of walking on the ground. */
  readonly flies: boolean;
  /** Share of its visits that are by night. */
  readonly nightShare: number;
  /** Makes what is drawn the same in every frame of a clip (coats) and returns the routine for one frame. */
  dress(rng: Rng): (pen: Pen, pose: Pose) => void;
}

/** Where a pair of legs hangs, how long and thick it is, in body units. */
export interface Legs {
  readonly x: number;
  readonly y: number;
  readonly thick: number;
  readonly thin: number;
  readonly swing: number;
  readonly lift: number;
  /** How far the joint bends: positive forward (elbows of hind legs are negative). */
  readonly bend: number;
}

/** One leg of a pair, `offset` cycles after the pose's phase. */
export function drawLeg(pen: Pen, legs: Legs, pose: Pose, offset: number, paint: Paint, shift = 0): void {
  const turn = 2 * Math.PI * (pose.phase + offset);
  const footX = legs.x + shift + legs.swing * pose.effort * Math.cos(turn);
  const footY = legs.thin + Math.max(0, Math.sin(turn)) * legs.lift * pose.effort;
  const hipX = legs.x + shift;
  const kneeX = (hipX + footX) / 2 + legs.bend;
  const kneeY = (legs.y + footY) / 2;
  pen.limb(hipX, legs.y, legs.thick, kneeX, kneeY, (legs.thick + legs.thin) / 2, paint);
  pen.limb(kneeX, kneeY, (legs.thick + legs.thin) / 2, footX, footY, legs.thin, paint);
}

/** The same paint, lighter or darker: legs on the far side, bellies. */
export function toned(paint: Paint, factor: number): Paint {
  const [r, g, b] = paint.rgb;
  return { ...paint, rgb: [r * factor, g * factor, b * factor] };
}
