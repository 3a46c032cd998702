import { describe, expect, it } from 'vitest';
import { LightgbmModelError } from './errors.ts';
import { TextEntries } from './text-entries.ts';

const of = (text: string, bare = false) => {
  const bytes = Buffer.from(`before=1\n${text}after=1\n`);
  return new TextEntries(bytes, [9, bytes.length - 8], { where: 'tree 0', bare });
};

describe('TextEntries', () => {
  it('has the lines of its part, whatever ends them', () => {
    const entries = of('a=1\r\n\n\r\nb=x=é\nc=\n');
    expect(['a', 'b', 'c', 'before', 'after'].map((name) => entries.get(name))).toEqual([
      '1',
      'x=é',
      '',
      undefined,
      undefined,
    ]);
    expect(entries.size).toBe(3);
    expect(of('flag\na=1\n', true).get('flag')).toBe('');
  });

  it('refuses what stands there twice, and a line without a value', () => {
    expect(() => of('a=1\na=2\n')).toThrow(/a stands there twice/);
    expect(() => of('flag\n')).toThrow(/the line "flag" has no value/);
  });

  const words =
    `0 7 -1 +3 -0 00012 12345678901234567890 1. .5 1.5 1.5.2 1e5 1E-7 1e 1e+ 1.e+08 -2.5e300 inf -INF +nan NaN infx in nanx x 0x10 1_0 -
    - -- 1- 1\t 1\r1 é ١`
      .split(/[ \n]+/)
      .filter((word) => word !== '');

  it.each(words)('reads %j alone and among others, or refuses it', (word) => {
    for (const list of [word, `1 ${word}`, `  ${word}  2 `]) {
      const entries = of(`l=${list}\n`);
      const parts = list.split(' ').filter((part) => part !== '');
      if (parts.every((part) => /^-?\d+$/.test(part))) expect([...entries.integers('l')]).toEqual(parts.map(Number));
      else expect(() => entries.integers('l')).toThrow(LightgbmModelError);
      if (parts.every((part) => /^[-+]?(\d+\.?\d*(e[-+]?\d+)?|inf|nan)$/i.test(part))) {
        expect(entries.countNumbers('l')).toBe(parts.length);
      } else expect(() => entries.countNumbers('l')).toThrow(LightgbmModelError);
    }
  });

  it('has empty lists of no name', () => {
    const entries = of('l=\n');
    expect([...entries.integers('l'), ...entries.integers('m'), ...entries.words('m')]).toEqual([]);
    expect(entries.countNumbers('m')).toBe(0);
  });

  it('tells a word that is wrong without what follows', () => {
    expect(() => of('l=1 much 2\n').countNumbers('l')).toThrow(/tree 0: l must hold numbers, got much$/);
    expect(() => of('l=1 much\n').integers('l')).toThrow(/tree 0: l must hold whole numbers, got much$/);
  });
});
