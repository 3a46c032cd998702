import { useState, type FormEvent } from 'react';
import type { Invited, Role } from '@primatrix/review-api';
import { say } from '../language/language.ts';
import { peopleApi } from './people-api.ts';

/** Invites somebody, and shows the address for them, which nobody is shown again. */
export function InviteForm({ onInvited }: { readonly onInvited: () => void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('review');
  const [invited, setInvited] = useState<Invited | null>(null);
  const [trouble, setTrouble] = useState('');
  const words = say.people.invite;
  const send = (event: FormEvent) => {
    event.preventDefault();
    setTrouble('');
    peopleApi.invite({ name, role }).then(
      (invitation) => {
        setInvited(invitation);
        setName('');
        onInvited();
      },
      (error: Error) => setTrouble(error.message),
    );
  };
  return (
    <>
      <form className="row invite" onSubmit={send}>
        <label>
          {words.name}{' '}
          <input value={name} maxLength={100} required autoComplete="off" onChange={(e) => setName(e.target.value)} />
        </label>
        <label>
          {words.role}{' '}
          <select value={role} onChange={(event) => setRole(event.target.value as Role)}>
            {Object.entries(say.people.roles).map(([one, text]) => (
              <option key={one} value={one}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="primary">
          {words.send}
        </button>
      </form>
      {trouble !== '' && (
        <p className="trouble" role="alert">
          {trouble}
        </p>
      )}
      {invited !== null && <Address invited={invited} />}
    </>
  );
}

function Address({ invited: { person, path } }: { readonly invited: Invited }) {
  const address = `${location.origin}${path}`;
  const words = say.people.invite;
  return (
    <div className="address" role="status">
      <p>{words.address(person.name)}</p>
      <input
        readOnly
        value={address}
        aria-label={words.addressOf(person.name)}
        onFocus={(event) => event.target.select()}
      />
      {/* Pages without TLS have no clipboard. */}
      {window.isSecureContext && (
        <button type="button" onClick={() => void navigator.clipboard.writeText(address)}>
          {words.copy}
        </button>
      )}
    </div>
  );
}
