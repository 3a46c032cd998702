import { useState } from 'react';
import { say } from '../language/language.ts';

interface SecondShareProps {
  /** 0 to 1. */
  readonly share: number;
  readonly onChange: (share: number) => void;
}

const choices = [0, 0.05, 0.1, 0.2, 0.5, 1];

/** Chooses how many clips two people shall look at. */
export function SecondShare({ share, onChange }: SecondShareProps) {
  const [chosen, setChosen] = useState(share);
  const shares = choices.includes(share) ? choices : [...choices, share].sort((a, b) => a - b);
  return (
    <p>
      <label>
        {say.people.second.share}{' '}
        <select
          value={chosen}
          onChange={(event) => {
            setChosen(Number(event.target.value));
            onChange(Number(event.target.value));
          }}
        >
          {shares.map((one) => (
            <option key={one} value={one}>
              {one === 0 ? say.people.second.none : say.units.percent(say.number(Math.round(1000 * one) / 10))}
            </option>
          ))}
        </select>
      </label>
    </p>
  );
}
