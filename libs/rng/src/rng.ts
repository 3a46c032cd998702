/**
 * Seeded random numbers: xoshiro128** (Blackman and Vigna, 2018), seeded by splitmix32.
 * The sequence is defined by 32-bit integer arithmetic only, so it is the same on every machine.
 */
export class Rng {
  private readonly state: Uint32Array;
  private spareNormal: number | undefined;

  /** @param seed any 32-bit integer; more than 32 bits of entropy come from {@link seedFrom} and {@link fork} */
  constructor(seed: number) {
    this.state = new Uint32Array(4);
    let x = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      x = (x + 0x9e3779b9) >>> 0;
      let z = x;
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      this.state[i] = (z ^ (z >>> 15)) >>> 0;
    }
  }

  /** A generator of its own for a named purpose, so that adding one use does not shift the others. */
  static of(seed: number, ...purpose: (string | number)[]): Rng {
    return new Rng(seedFrom(seed, ...purpose));
  }

  /** The next 32 bits, 0 to 2^32-1. */
  uint32(): number {
    const s = this.state as unknown as [number, number, number, number];
    const x = Math.imul(s[1], 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    return ((this.uint32() >>> 5) * 67108864 + (this.uint32() >>> 6)) / 9007199254740992;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** A whole number, 0 to `below` - 1, without modulo bias. */
  int(below: number): number {
    if (!Number.isInteger(below) || below < 1 || below > 0x1_0000_0000) {
      throw new RangeError(`rng: int(below) needs a whole number from 1 to 2^32, got ${below}`);
    }
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % below);
    let x = this.uint32();
    while (x >= limit) x = this.uint32();
    return x % below;
  }

  /** Standard normal (Marsaglia's polar method). */
  normal(): number {
    if (this.spareNormal !== undefined) {
      const spare = this.spareNormal;
      this.spareNormal = undefined;
      return spare;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) {
        const scale = Math.sqrt((-2 * Math.log(s)) / s);
        this.spareNormal = v * scale;
        return u * scale;
      }
    }
  }

  /** Fisher-Yates, in place; returns its argument. */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const a = items[i] as T;
      items[i] = items[j] as T;
      items[j] = a;
    }
    return items;
  }

  /** One of the items, each equally likely. */
  pick<T>(items: readonly T[]): T {
    return items[this.int(items.length)] as T;
  }
}

/** A 32-bit seed from a seed and words or numbers: FNV-1a over their text. */
export function seedFrom(seed: number, ...purpose: (string | number)[]): number {
  let hash = 0x811c9dc5;
  const text = [seed, ...purpose].join('\u0000');
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
