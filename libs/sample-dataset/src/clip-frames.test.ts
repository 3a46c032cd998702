import { sha256Bytes } from '@primatrix/files';
import { describe, expect, it } from 'vitest';
import { drawClip } from './clip-frames.ts';
import { planSample, type ClipPlan } from './plan.ts';
import { drawScenery } from './scenery.ts';
import { sites, type Site } from './sites.ts';
import { soundOf } from './sound.ts';

const width = 160;
const height = 90;
const site = sites[0] as Site;
const example: ClipPlan = {
  ...(planSample({ clips: 16, seed: 1 })[0] as ClipPlan),
  site: site.name,
  labels: ['elephant'],
  subjects: [{ kind: 'elephant', count: 1 }],
  night: false,
  frames: 48,
  sound: true,
  wind: 0.1,
  light: 0,
};

/** Frames of a small picture, each a copy. */
function frames(plan: ClipPlan, seed: number): Uint8Array[] {
  return Array.from(drawClip(plan, drawScenery(site, seed, width, height), seed), (frame) => frame.slice());
}

/** Mean absolute difference of two frames. */
function difference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] as number)), 0) / a.length;
}

describe('drawClip', () => {
  it('draws the same pixels for the same seed and others for another', () => {
    const digest = (seed: number): string => sha256Bytes(Buffer.concat(frames({ ...example, frames: 5 }, seed)));
    expect(digest(1)).toBe(digest(1));
    expect(digest(1)).not.toBe(digest(2));
  });

  it('moves more where an animal walks than where leaves sway', () => {
    const walk = frames(example, 1);
    const blank = frames({ ...example, labels: ['blank'], subjects: [] }, 1);
    expect(difference(walk[0] as Uint8Array, walk[47] as Uint8Array)).toBeGreaterThan(
      2 * difference(blank[0] as Uint8Array, blank[47] as Uint8Array),
    );
  });

  it('draws nights without colour and darker', () => {
    const [day] = frames({ ...example, frames: 1 }, 1) as [Uint8Array];
    const [night] = frames({ ...example, frames: 1, night: true }, 1) as [Uint8Array];
    const mean = (frame: Uint8Array): number => frame.reduce((sum, value) => sum + value, 0) / frame.length;
    expect(mean(night)).toBeLessThan(0.7 * mean(day));
    for (let i = 0; i < night.length; i += 3) expect([night[i + 1], night[i + 2]]).toEqual([night[i], night[i]]);
  });

  it('gives every kind a call louder than the wind', () => {
    const loudest = (plan: ClipPlan): number =>
      (soundOf(plan, 1) as Float32Array).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const silent = loudest({ ...example, labels: ['blank'], subjects: [], frames: 168 });
    for (const kind of ['bird', 'chimpanzee', 'elephant', 'human', 'leopard', 'porcupine', 'duiker'] as const) {
      const level = loudest({ ...example, labels: [kind], subjects: [{ kind, count: 1 }], frames: 168 });
      expect(level, kind).toBeGreaterThan(3 * silent);
      expect(level, kind).toBeLessThan(0.981);
    }
    expect(soundOf({ ...example, sound: false }, 1)).toBeNull();
  });
});
