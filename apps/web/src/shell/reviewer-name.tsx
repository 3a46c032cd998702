import { useState } from 'react';

const key = 'primatrix-reviewer';

/** Who reviews, as far as this browser was told; stands with each decision, and in exports. */
export function reviewer(): { by?: string } {
  const by = localStorage.getItem(key)?.trim() ?? '';
  return by === '' ? {} : { by };
}

/** Asks for the reviewer's name; it is remembered by the browser. */
export function ReviewerName() {
  const [name, setName] = useState(() => localStorage.getItem(key) ?? '');
  return (
    <label className="reviewer">
      Reviewer{' '}
      <input
        value={name}
        maxLength={100}
        placeholder="your name, for exports"
        autoComplete="name"
        onKeyDown={(event) => (event.key === 'Enter' || event.key === 'Escape') && event.currentTarget.blur()}
        onChange={(event) => {
          setName(event.target.value);
          localStorage.setItem(key, event.target.value);
        }}
      />
    </label>
  );
}
