import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { textsOf } from './catalogue.fixture.ts';

const en = textsOf(join(import.meta.dirname, 'en'));
const fr = textsOf(join(import.meta.dirname, 'fr'));

/** Words that both languages have. */
const sameWords = new Set([
  ...['animal', 'Clip', 'Clip …', 'Clips', 'clip…clips', 'ensemble', 'licence …', '… min', 'Note', 'Note…', 'Pages'],
  ...['point…points', 'Scores', 'Site', 'Site …', 'site …', 'Sites', 'site…sites', 'Suggestions'],
]);

describe('the languages of the pages', () => {
  it('have the same texts', () => {
    expect(en.size).toBeGreaterThan(400);
    expect([...fr.keys()].sort()).toEqual([...en.keys()].sort());
  });

  it('fill the same in', () => {
    const filledIn = (texts: typeof en) => Object.fromEntries([...texts].map(([path, text]) => [path, text.filledIn]));
    expect(filledIn(fr)).toEqual(filledIn(en));
    expect(en.get('counts.of')?.filledIn).toEqual(['all', 'part']);
  });

  it('have no English left in French', () => {
    const left = [...en].flatMap(([path, { pieces }]) => {
      const text = pieces.join('…');
      const same = text === fr.get(path)?.pieces.join('…') && /\p{L}{3}/u.test(text);
      return same && !sameWords.has(text) ? [`${path}: ${text}`] : [];
    });
    expect(left).toEqual([]);
  });

  it('keep French signs with their words: a space that does not break before ? ! ; : % » and after «', () => {
    const loose = [...fr].filter(([, { pieces }]) => pieces.some((piece) => / [?!;:%»]|« /.test(piece)));
    expect(loose).toEqual([]);
  });
});
