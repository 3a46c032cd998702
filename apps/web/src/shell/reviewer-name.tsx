import { useState } from 'react';
import type { Me, Reviewer } from '@primatrix/review-api';
import { say } from '../language/language.ts';

const key = 'primatrix-reviewer';

const placeKey = 'primatrix-place';

/** Who reviews, as far as this browser was told, and which browser it is: undo takes back what was decided last from here. */
export function reviewer(): Reviewer {
  const by = localStorage.getItem(key)?.trim() ?? '';
  return { from: place(), ...(by === '' ? {} : { by }) };
}

/** Names this browser. Not randomUUID, which pages without TLS do not have. */
function place(): string {
  const known = localStorage.getItem(placeKey);
  if (known !== null) return known;
  const drawn = crypto.getRandomValues(new Uint32Array(4)).join('-');
  localStorage.setItem(placeKey, drawn);
  return drawn;
}

/** Asks for the reviewer's name, which the browser remembers; whoever was invited has one. */
export function ReviewerName({ me }: { readonly me: Me }) {
  const [name, setName] = useState(() => localStorage.getItem(key) ?? '');
  if (me.name !== null) return <p className="reviewer">{me.name}</p>;
  return (
    <label className="reviewer">
      {say.shell.reviewer}{' '}
      <input
        value={name}
        maxLength={100}
        placeholder={say.shell.reviewerExample}
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
