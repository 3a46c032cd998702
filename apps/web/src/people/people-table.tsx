import type { People, Person } from '@primatrix/review-api';
import { say } from '../language/language.ts';

interface PeopleTableProps {
  readonly people: People['people'];
  /** Null: whoever looks may not. */
  readonly onRemove: ((person: Person) => void) | null;
}

/** Who was invited. */
export function PeopleTable({ people, onRemove }: PeopleTableProps) {
  const words = say.people;
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={words.title}>
      <table className="people">
        <thead>
          <tr>
            <th scope="col">{words.invite.name}</th>
            <th scope="col">{words.invite.role}</th>
            <th scope="col">{words.invited}</th>
            <th scope="col">{words.decided}</th>
            {onRemove !== null && <td />}
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <tr key={person.id}>
              <th scope="row">{person.name}</th>
              <td>{words.roles[person.role]}</td>
              <td>{say.day(person.invited.slice(0, 10))}</td>
              <td className="number">{say.number(person.clips)}</td>
              {onRemove !== null && (
                <td>
                  <button type="button" aria-label={words.removeOf(person.name)} onClick={() => onRemove(person)}>
                    {words.remove}
                  </button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
