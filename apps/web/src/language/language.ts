import { useSyncExternalStore } from 'react';
import { en, type Texts } from './en/index.ts';
import { fr } from './fr/index.ts';

/** All languages of the pages. Each has every text: what is missing does not compile. */
const catalogues = { en, fr } as const satisfies Readonly<Record<string, Texts>>;

/** A name, in any language. */
export const product = 'Primatrix';

/** One of the languages of the pages, as in `<html lang>`. */
export type Language = keyof typeof catalogues;

/** The languages, each by its own name. */
export const languages: Readonly<Record<Language, string>> = { en: 'English', fr: 'Français' };

const storage = 'primatrix-language';

/** The language that is shown. */
export let language: Language = 'en';

/** All texts, in the language that is shown. Read while something is drawn or said, never kept: the language can change. */
export let say: Texts = en;

const listeners = new Set<() => void>();

/** Shows the language that was chosen in this browser, else the first of the browser's that there is, else English. */
export function startLanguage(): void {
  const wanted = [keptLanguage(), ...navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase())];
  show(wanted.find(isLanguage) ?? 'en');
}

/** Changes the language of the pages, and remembers it. */
export function changeLanguage(next: Language): void {
  try {
    localStorage.setItem(storage, next);
  } catch {
    // A browser that keeps nothing has it until it is reloaded.
  }
  show(next);
  for (const listen of listeners) listen();
}

/** The language that is shown; what asks is drawn again when it changes, with all that is inside. */
export function useLanguage(): Language {
  return useSyncExternalStore(
    (listen) => {
      listeners.add(listen);
      return () => void listeners.delete(listen);
    },
    () => language,
  );
}

/** Whether a name is that of a language of the pages. */
export function isLanguage(name: string | null): name is Language {
  return name !== null && Object.hasOwn(catalogues, name);
}

function show(next: Language): void {
  language = next;
  say = catalogues[next];
  document.documentElement.lang = next;
}

function keptLanguage(): string | null {
  try {
    return localStorage.getItem(storage);
  } catch {
    return null;
  }
}
