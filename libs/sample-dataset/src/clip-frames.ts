import { Rng } from '@primatrix/rng';
import { animals } from './animals/species.ts';
import { planWalk, type Step } from './movement.ts';
import { Pen, Picture } from './picture.ts';
import type { ClipPlan } from './plan.ts';
import { drawLeaves, type Scenery } from './scenery.ts';

const noiseLength = 1 << 16;

/** Sensor noise, drawn once a clip and read from another place in every frame. */
function sensorNoise(rng: Rng, deviation: number): Int8Array {
  const noise = new Int8Array(noiseLength + 4096);
  for (let i = 0; i < noise.length; i++) noise[i] = Math.round(deviation * rng.normal());
  return noise;
}

/** How much infrared light reaches each pixel: a bright middle, dark corners. */
function lampGain(width: number, height: number): Float32Array {
  const gain = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const dx = (x / width - 0.5) * 1.9;
      const dy = (y / height - 0.6) * 1.7;
      gain[y * width + x] = 0.4 + 0.72 * Math.exp(-1.5 * (dx * dx + dy * dy));
    }
  }
  return gain;
}

/**
 * Draws the frames of a clip, rgb24, one after the other in the same buffer: use (or copy) each before asking
 * for the next. The same plan and seed give the same pixels.
 */
export function* drawClip(plan: ClipPlan, scenery: Scenery, seed: number): Generator<Uint8Array<ArrayBuffer>> {
  const { width, height } = scenery.background;
  const rng = Rng.of(seed, 'clip', plan.file);
  const canvas = new Picture(width, height);
  const pen = new Pen(canvas);
  const actors = cast(plan, width, height, rng);
  const noise = sensorNoise(rng, plan.night ? 3 : 1.6);
  const lamp = plan.night ? lampGain(width, height) : null;
  // Morning is warm and dim, noon bright, and a cloud may pass.
  const warmth = rng.between(-0.02, 0.03);
  const exposure = rng.between(0.97, 1.03);
  const flicker = { depth: plan.light, rate: rng.between(0.25, 0.5), start: rng.between(0, 6) };
  const backdrop = plan.night ? dimmed(scenery.background, 0.55) : scenery.background;
  const out = new Uint8ClampedArray(canvas.data.length);
  const frame = new Uint8Array(out.buffer);
  const noiseStart = Rng.of(seed, 'noise', plan.file);
  for (let i = 0; i < plan.frames; i++) {
    const t = i / plan.fps;
    canvas.data.set(backdrop.data);
    for (const actor of actors) {
      const step = actor.steps[i] as Step;
      if (!plan.night && !actor.flies) {
        pen.place(step.x, step.y, step.scale);
        pen.ellipse(0, 0.01, 0.62, 0.06, { rgb: [20, 18, 14], alpha: 0.38, soft: 8, shade: 0 });
      }
      pen.place(step.x, step.y - step.lift, step.scale, step.facing, step.pitch);
      actor.draw(pen, step);
    }
    drawLeaves(pen, scenery.leaves, t, plan.wind);
    const light = exposure * (1 + flicker.depth * Math.sin(2 * Math.PI * flicker.rate * t + flicker.start));
    const offset = noiseStart.int(4096);
    if (lamp !== null) developNight(canvas, lamp, light, noise, offset, out);
    else developDay(canvas, light, warmth, noise, offset, out);
    yield frame;
  }
}

interface Actor {
  readonly steps: readonly Step[];
  readonly flies: boolean;
  readonly draw: (pen: Pen, step: Step) => void;
}

function cast(plan: ClipPlan, width: number, height: number, rng: Rng): Actor[] {
  const actors: Actor[] = [];
  for (const { kind, count } of plan.subjects) {
    const animal = animals[kind];
    // Short clips begin with the animal in the middle: the camera woke late.
    const start = plan.frames < 2 * plan.fps ? rng.between(0.4, 0.6) : rng.between(-0.05, 0.25);
    const course = { facing: rng.int(2) === 0 ? (1 as const) : (-1 as const), start };
    for (let order = 0; order < count; order++) {
      const steps = planWalk(animal, rng, course, order, { width, height, fps: plan.fps, frames: plan.frames });
      actors.push({ steps, flies: animal.flies, draw: animal.dress(rng) });
    }
  }
  // Nearer ones (lower on the picture) over those behind; fliers last.
  const nearness = (actor: Actor): number => (actor.flies ? 1e6 : 0) + (actor.steps[0]?.y ?? 0);
  return actors.sort((a, b) => nearness(a) - nearness(b));
}

function dimmed(picture: Picture, factor: number): Picture {
  const dark = new Picture(picture.width, picture.height);
  for (let i = 0; i < dark.data.length; i++) dark.data[i] = (picture.data[i] as number) * factor;
  return dark;
}

function developDay(
  canvas: Picture,
  light: number,
  warmth: number,
  noise: Int8Array,
  offset: number,
  out: Uint8ClampedArray,
): void {
  const { data } = canvas;
  const red = light * (1 + warmth);
  const blue = light * (1 - warmth);
  for (let i = 0, n = offset; i < data.length; i += 3, n++) {
    const grain = noise[n & (noiseLength - 1)] as number;
    out[i] = (data[i] as number) * red + grain;
    out[i + 1] = (data[i + 1] as number) * light + grain;
    out[i + 2] = (data[i + 2] as number) * blue + grain;
  }
}

function developNight(
  canvas: Picture,
  lamp: Float32Array,
  light: number,
  noise: Int8Array,
  offset: number,
  out: Uint8ClampedArray,
): void {
  const { data } = canvas;
  for (let p = 0, i = 0; p < lamp.length; p++, i += 3) {
    const luma = 0.36 * (data[i] as number) + 0.5 * (data[i + 1] as number) + 0.14 * (data[i + 2] as number);
    const grey = luma * (lamp[p] as number) * light + 6 + (noise[(p + offset) & (noiseLength - 1)] as number);
    out[i] = grey;
    out[i + 1] = grey;
    out[i + 2] = grey;
  }
}
