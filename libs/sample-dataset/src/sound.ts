import { Rng } from '@primatrix/rng';
import type { SampleClass } from './animals/species.ts';
import type { ClipPlan } from './plan.ts';

/** Samples a second of the sample's sound. */
export const sampleRate = 22_050;

/** Adds one call to `sound` from sample `start` on. */
type Call = (sound: Float32Array, start: number, rng: Rng) => void;

/** Adds `seconds` of `wave(t, part)` under a bell of loudness; `part` runs from 0 to 1. */
function add(
  sound: Float32Array,
  start: number,
  seconds: number,
  loudness: number,
  wave: (t: number, part: number) => number,
): void {
  const length = Math.floor(seconds * sampleRate);
  for (let i = 0; i < length && start + i < sound.length; i++) {
    const part = i / length;
    const bell = Math.min(1, 12 * part, 6 * (1 - part));
    const at = start + i;
    sound[at] = (sound[at] as number) + loudness * bell * wave(i / sampleRate, part);
  }
}

/** A tone whose pitch glides from one frequency to another (Hz), with overtones of falling strength. */
function glide(from: number, to: number, overtones: number): (t: number, part: number) => number {
  let angle = 0;
  return (_t, part) => {
    angle += (2 * Math.PI * (from + (to - from) * part)) / sampleRate;
    let sum = 0;
    for (let k = 1; k <= overtones; k++) sum += Math.sin(k * angle) / k;
    return sum;
  };
}

/** The voice of each kind: what it says in one call. */
const voices: Readonly<Record<Exclude<SampleClass, 'blank'>, Call>> = {
  // Three or four rising and falling whistles.
  bird(sound, start, rng) {
    const pitch = rng.between(3000, 3800);
    for (let i = 0; i < 3 + rng.int(2); i++) {
      add(
        sound,
        start + Math.floor(i * 0.17 * sampleRate),
        0.12,
        0.3,
        glide(pitch, pitch * (i % 2 === 0 ? 1.35 : 0.8), 1),
      );
    }
  },
  // Pant-hoot: hoots that grow louder and higher.
  chimpanzee(sound, start, rng) {
    const pitch = rng.between(330, 420);
    for (let i = 0; i < 5; i++) {
      add(
        sound,
        start + Math.floor(i * 0.3 * sampleRate),
        0.22,
        0.16 + 0.09 * i,
        glide(pitch * (1 + 0.12 * i), pitch * (1.3 + 0.12 * i), 3),
      );
    }
  },
  // A trumpet: a loud brassy sweep.
  elephant(sound, start, rng) {
    const pitch = rng.between(380, 480);
    add(sound, start, 1.1, 0.48, glide(pitch, pitch * 1.9, 9));
    add(sound, start, 1.4, 0.2, glide(28, 22, 2));
  },
  // Voiced syllables with two formants.
  human(sound, start, rng) {
    const pitch = rng.between(110, 190);
    for (let i = 0; i < 4; i++) {
      const formant = rng.pick([500, 700, 900, 1200]);
      const voice = glide(pitch, pitch * 0.92, 12);
      add(
        sound,
        start + Math.floor(i * 0.24 * sampleRate),
        0.2,
        0.17,
        (t, part) => voice(t, part) * (1 + 0.7 * Math.sin(2 * Math.PI * formant * t)),
      );
    }
  },
  // Sawing: rough noise pulsed in and out.
  leopard(sound, start, rng) {
    let low = 0;
    add(sound, start, 1.6, 1.5, (t) => {
      low += 0.09 * (rng.between(-1, 1) - low);
      return low * Math.max(0, Math.sin(2 * Math.PI * 2.6 * t)) * (1 + 0.6 * Math.sin(2 * Math.PI * 62 * t));
    });
  },
  // A rattle of quills: dry clicks.
  porcupine(sound, start, rng) {
    add(sound, start, 1.2, 0.4, (t) => ((t * 26) % 1 < 0.18 ? rng.between(-1, 1) : 0));
  },
  // A sharp falling whistle through the nose.
  duiker(sound, start, rng) {
    const pitch = rng.between(1500, 1800);
    const whistle = glide(pitch, pitch * 0.7, 2);
    add(sound, start, 0.45, 0.28, (t, part) => whistle(t, part) + 0.3 * rng.between(-1, 1));
  },
};

/** Hiss of the microphone, wind in the leaves, insects by night. */
function ambience(sound: Float32Array, plan: ClipPlan, rng: Rng): void {
  const hiss = rng.between(0.006, 0.012);
  const windy = 0.5 * plan.wind * plan.wind;
  const insects = plan.night ? rng.between(0.012, 0.022) : 0;
  const pitch = rng.between(4300, 5000);
  let low = 0;
  for (let i = 0; i < sound.length; i++) {
    const t = i / sampleRate;
    const white = rng.uniform() * 2 - 1;
    low += 0.035 * (white - low);
    const gust = 0.55 + 0.45 * Math.sin(1.7 * t);
    const chirr =
      insects === 0 ? 0 : insects * Math.sin(2 * Math.PI * pitch * t) * (0.5 + 0.5 * Math.sin(2 * Math.PI * 17 * t));
    sound[i] = hiss * white + windy * gust * low + chirr;
  }
}

/** Synthesises the sound of a clip: mono, {@link sampleRate}, -1 to 1, as long as its pictures; null for a silent clip. */
export function soundOf(plan: ClipPlan, seed: number): Float32Array | null {
  if (!plan.sound) return null;
  const rng = Rng.of(seed, 'sound', plan.file);
  const sound = new Float32Array(Math.round((plan.frames / plan.fps) * sampleRate));
  ambience(sound, plan, rng);
  const seconds = plan.frames / plan.fps;
  for (const { kind } of plan.subjects) {
    for (let t = rng.between(0.1, 0.8); t < seconds - 0.3; t += rng.between(1.8, 2.8)) {
      voices[kind](sound, Math.floor(t * sampleRate), rng);
    }
  }
  for (let i = 0; i < sound.length; i++) sound[i] = Math.min(0.98, Math.max(-0.98, sound[i] as number));
  return sound;
}
