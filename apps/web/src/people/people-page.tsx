import { useEffect, useState } from 'react';
import type { Me, People, Person } from '@primatrix/review-api';
import { say } from '../language/language.ts';
import { PageHead } from '../shell/page-head.tsx';
import { gridAddress, withFilter } from '../shell/use-route.ts';
import { AgreementTable } from './agreement-table.tsx';
import { InviteForm } from './invite-form.tsx';
import { peopleApi } from './people-api.ts';
import { PeopleTable } from './people-table.tsx';
import { SecondShare } from './second-share.tsx';

/** Who works on the project, what they may do, and how far they agree. */
export function PeoplePage({ me, version }: { readonly me: Me; readonly version: number }) {
  const [people, setPeople] = useState<People | null>(null);
  const [trouble, setTrouble] = useState('');
  const words = say.people;
  const fail = (error: Error) => setTrouble(error.message);
  useEffect(() => void peopleApi.all().then(setPeople, fail), [version]);
  const manages = me.role === 'manage';
  const take = (change: Promise<People>) => {
    setTrouble('');
    change.then(setPeople, fail);
  };
  return (
    <main className="page">
      <PageHead title={words.title} />
      <p className="hint">{me.name === null ? words.you : words.youAre(me.name, words.roles[me.role])}</p>
      {trouble !== '' && (
        <p className="trouble" role="alert">
          {trouble}
        </p>
      )}
      {manages && <InviteForm onInvited={() => take(peopleApi.all())} />}
      {people === null ? (
        <p role="status">{say.shell.loading}</p>
      ) : (
        <>
          {people.people.length > 0 && (
            <PeopleTable
              people={people.people}
              onRemove={manages ? ({ id }: Person) => take(peopleApi.remove(id)) : null}
            />
          )}
          <h3>{words.second.title}</h3>
          <p className="hint">{words.second.hint}</p>
          {manages && (
            <SecondShare share={people.secondShare} onChange={(share) => take(peopleApi.setSecondShare(share))} />
          )}
          <p className="row">
            {me.name !== null && (
              <a className="button" href={gridAddress(withFilter('', { second: 'due' }))}>
                {words.second.due}
              </a>
            )}
            <a className="button" href={gridAddress(withFilter('', { second: 'differ' }))}>
              {words.second.differ}
            </a>
          </p>
          {people.agreement.length > 0 && <AgreementTable agreement={people.agreement} />}
        </>
      )}
    </main>
  );
}
