import { describe, expect, it } from 'vitest';
import { glyphs } from './glyphs.ts';
import { Raster } from './raster.ts';
import { clipText, drawText, lineHeight } from './text.ts';

/** The picture as lines of dots and hashes. */
function lines(text: string, width = text.length * 6): string[] {
  const raster = new Raster(width, lineHeight);
  drawText(raster, text, { x: 0, y: 0 }, [255, 255, 255]);
  return Array.from({ length: lineHeight }, (_, y) =>
    Array.from({ length: width }, (_u, x) => (raster.data[(y * width + x) * 3] === 255 ? '#' : '.')).join(''),
  );
}

describe('drawText', () => {
  it('draws characters, those that hang below the line too', () => {
    expect(lines('Lg')).toEqual([
      '#...........',
      '#...........',
      '#......####.',
      '#.....#...#.',
      '#.....#...#.',
      '#.....#...#.',
      '#####..####.',
      '..........#.',
      '.......###..',
      '............',
      '............',
    ]);
  });

  it('has a form of its own for every printable character of ASCII', () => {
    const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
    expect(Object.keys(glyphs).sort()).toEqual([...printable].sort());
    expect(new Set(Object.values(glyphs)).size).toBe(95);
    for (const form of Object.values(glyphs)) expect(form).toMatch(/^([0-9a-v]{7}|[0-9a-v]{9})$/);
  });

  it('drops accents, and shows what it lacks as a question mark', () => {
    expect(lines('Taï')).toEqual(lines('Tai'));
    expect(lines('森', 6)).toEqual(lines('?', 6));
  });

  it('cuts off at the edges', () => {
    const raster = new Raster(4, 4);
    expect(drawText(raster, 'W', { x: -2, y: -2 }, [255, 0, 0])).toBe(6);
  });
});

it('clipText leaves out the middle', () => {
  expect(clipText('abcdefgh', 36)).toBe('ab..gh');
  expect(clipText('abc', 36)).toBe('abc');
  expect(clipText('abcdefgh', 1)).toHaveLength(2);
});
