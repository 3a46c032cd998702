import { useId, useState } from 'react';
import type { Deployment } from '@primatrix/review-api';
import type { PartProps } from './part-props.ts';
import { say } from '../language/language.ts';

/** Another name for a site; the name of another site makes one of both. */
export function NameForm({
  deployment,
  onChange,
  deployments,
}: PartProps & { readonly deployments: readonly Deployment[] }) {
  const [name, setName] = useState(deployment.site ?? '');
  const sites = useId();
  const words = say.deployments.name;
  const to = name.trim();
  const other = deployments.find(({ site }) => site === to && site !== deployment.site);
  return (
    <form
      className="asked"
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ does: 'rename', to }, other === undefined ? words.renamed(to) : words.merged(to));
      }}
    >
      <label>
        {words.label}
        <input
          value={name}
          list={sites}
          maxLength={200}
          required
          autoFocus
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <datalist id={sites}>
        {deployments.map(({ site }) => site !== null && <option key={site} value={site} />)}
      </datalist>
      <p className="hint">{other === undefined ? words.merges : words.there(to, other.clips)}</p>
      <button type="submit" className="primary" disabled={to === '' || to === deployment.site}>
        {other === undefined ? words.rename : words.merge}
      </button>
    </form>
  );
}
