import { describe, expect, it } from 'vitest';
import { Rng, seedFrom } from './rng.ts';

describe('Rng', () => {
  it('gives the same sequence for the same seed and another for another', () => {
    const draw = (seed: number) =>
      Array.from(
        { length: 8 },
        (
          (rng) => () =>
            rng.uint32()
        )(new Rng(seed)),
      );
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('keeps its sequence across versions: a stored draw', () => {
    const rng = new Rng(42);
    expect([rng.uint32(), rng.uint32(), rng.uint32()]).toMatchInlineSnapshot(`
      [
        660444221,
        3652823732,
        77672526,
      ]
    `);
  });

  it('draws uniform and normal numbers with the right moments', () => {
    const rng = new Rng(7);
    const n = 20_000;
    let uniform = 0;
    let normal = 0;
    let square = 0;
    for (let i = 0; i < n; i++) {
      uniform += rng.uniform();
      const z = rng.normal();
      normal += z;
      square += z * z;
    }
    expect(uniform / n).toBeCloseTo(0.5, 1);
    expect(normal / n).toBeCloseTo(0, 1);
    expect(square / n).toBeCloseTo(1, 1);
  });

  it('shuffles to a permutation', () => {
    const items = Array.from({ length: 100 }, (_, i) => i);
    expect(new Rng(3).shuffle([...items]).sort((a, b) => a - b)).toEqual(items);
  });

  it('refuses an impossible range by name', () => {
    expect(() => new Rng(1).int(0)).toThrow('int(below)');
  });

  it('separates purposes', () => {
    expect(seedFrom(1, 'a', 'bc')).not.toBe(seedFrom(1, 'ab', 'c'));
  });
});
