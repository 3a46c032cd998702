import type { Html } from './html.ts';

/** A chart as a file of its own: with fixed colours, and without links into a page. */
export function standaloneSvg({ markup }: Html): string {
  const svg = markup
    .replaceAll(/<a href="[^"]*"[^>]*>|<\/a>/g, '')
    .replaceAll(/var\(--[a-z]+, (#[\da-f]{6})\)/g, '$1')
    .replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ');
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svg}\n`;
}
