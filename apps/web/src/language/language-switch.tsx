import { changeLanguage, isLanguage, languages, say, useLanguage } from './language.ts';

/** Chooses the language of the pages, for this browser. */
export function LanguageSwitch() {
  const shown = useLanguage();
  return (
    <select
      className="language"
      aria-label={say.shell.language}
      value={shown}
      onChange={({ target }) => isLanguage(target.value) && changeLanguage(target.value)}
    >
      {Object.entries(languages).map(([tag, name]) => (
        <option key={tag} value={tag} lang={tag}>
          {name}
        </option>
      ))}
    </select>
  );
}
