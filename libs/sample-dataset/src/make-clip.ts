import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@primatrix/files';
import { Rng } from '@primatrix/rng';
import { encodeClip } from '@primatrix/video';
import { drawClip } from './clip-frames.ts';
import { spoilBytes } from './damage.ts';
import type { ClipPlan } from './plan.ts';
import type { Scenery } from './scenery.ts';
import { sampleRate, soundOf } from './sound.ts';

/** Size of every picture of the sample, in pixels. */
export const clipWidth = 320;
export const clipHeight = 180;
/** Constant rate factor: the grain of the sensor goes, the animals stay. */
const crf = 25;

/** Draws, voices and encodes one clip into `folder`, and spoils it where the plan says so. */
export async function makeClip(
  plan: ClipPlan,
  scenery: Scenery,
  seed: number,
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  const path = join(folder, plan.file);
  const samples = soundOf(plan, seed);
  await encodeClip({
    out: path,
    width: clipWidth,
    height: clipHeight,
    fps: plan.fps,
    crf,
    signal,
    frames: drawClip(plan, scenery, seed),
    audio: samples === null ? null : { samples, sampleRate },
    creationTime: plan.capturedAt,
  });
  if (plan.damage === 'none') return;
  const spoilt = spoilBytes(await readFile(path), plan.damage, Rng.of(seed, 'spoil', plan.file));
  await writeFileAtomic(path, spoilt);
}
