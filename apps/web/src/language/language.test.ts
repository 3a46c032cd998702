import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { changeLanguage, language, say, startLanguage } from './language.ts';

const kept = new Map<string, string>();
const root = { lang: '' };

beforeEach(() => {
  kept.clear();
  vi.stubGlobal('document', { documentElement: root });
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  });
  browserAsksFor('en-US');
});
afterEach(() => {
  changeLanguage('en');
  vi.unstubAllGlobals();
});

function browserAsksFor(...languages: readonly string[]): void {
  vi.stubGlobal('navigator', { languages });
}

it.each([
  [['fr-CA', 'en'], 'fr'],
  [['de-DE', 'fr'], 'fr'],
  [['en-GB', 'fr'], 'en'],
  [['de'], 'en'],
  [[], 'en'],
])('a browser that asks for %j gets %s', (languages, gets) => {
  browserAsksFor(...languages);
  startLanguage();
  expect([language, root.lang]).toEqual([gets, gets]);
});

it('a language that was chosen is kept, and goes before the browser’s', () => {
  changeLanguage('fr');
  expect([language, root.lang, say.shell.cancel, say.counts.clips(0)]).toEqual(['fr', 'fr', 'Annuler', '0 clip']);
  startLanguage();
  expect(language).toBe('fr');
  kept.set('primatrix-language', 'constructor');
  startLanguage();
  expect([language, say.shell.cancel]).toEqual(['en', 'Cancel']);
});

it('a browser that keeps nothing has the language until it is reloaded', () => {
  const refuse = () => {
    throw new DOMException('denied', 'SecurityError');
  };
  vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse });
  startLanguage();
  changeLanguage('fr');
  expect(language).toBe('fr');
});
