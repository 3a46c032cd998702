import { glyphs } from './glyphs.ts';
import type { Color, Raster } from './raster.ts';

/** Pixels of a character at scale 1, the gaps to its neighbours included. */
const characterWidth = 6;
export const lineHeight = 11;

/** Draws one line; characters that the font lacks lose their accents or become `?`. @returns the width drawn, in pixels */
export function drawText(
  raster: Raster,
  text: string,
  place: { readonly x: number; readonly y: number },
  color: Color,
  scale = 1,
): number {
  const characters = [...plain(text)];
  characters.forEach((character, i) => {
    const rows = glyphs[character] ?? glyphs['?'] ?? '';
    for (let row = 0; row < rows.length; row++) {
      const bits = Number.parseInt(rows[row] ?? '0', 32);
      for (let column = 0; column < 5; column++) {
        if (((bits >> (4 - column)) & 1) === 0) continue;
        raster.fill(
          { x: place.x + (i * characterWidth + column) * scale, y: place.y + row * scale, width: scale, height: scale },
          color,
        );
      }
    }
  });
  return characters.length * characterWidth * scale;
}

/** The text as far as it fits; what is left out in the middle shows as two dots, as names tell most at both ends. */
export function clipText(text: string, pixels: number, scale = 1): string {
  const room = Math.max(1, Math.floor(pixels / (characterWidth * scale)));
  const characters = [...plain(text)];
  if (characters.length <= room) return characters.join('');
  const head = Math.max(0, Math.ceil((room - 2) / 2));
  return `${characters.slice(0, head).join('')}..${characters.slice(characters.length - Math.max(0, room - 2 - head)).join('')}`;
}

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^ -~]/gu, '?');
}
