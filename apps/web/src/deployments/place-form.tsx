import { useState, type FormEvent } from 'react';
import type { PartProps } from './part-props.ts';
import { say } from '../language/language.ts';

/** Where the camera stood. */
export function PlaceForm({ deployment: { coordinates }, onChange }: PartProps) {
  const [latitude, setLatitude] = useState(String(coordinates?.latitude ?? ''));
  const [longitude, setLongitude] = useState(String(coordinates?.longitude ?? ''));
  const words = say.deployments.place;
  const empty = latitude.trim() === '' && longitude.trim() === '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const place = empty ? null : { latitude: Number(latitude), longitude: Number(longitude) };
    onChange({ does: 'place', coordinates: place }, place === null ? words.removed : words.saved);
  };
  const field = (name: string, value: string, set: (text: string) => void, limit: number, example: string) => (
    <label>
      {name}
      <input
        type="number"
        step="any"
        min={-limit}
        max={limit}
        required={!empty}
        value={value}
        placeholder={example}
        onChange={(event) => set(event.target.value)}
      />
    </label>
  );
  return (
    <form className="asked" onSubmit={submit}>
      {field(words.latitude, latitude, setLatitude, 90, '-1.95')}
      {field(words.longitude, longitude, setLongitude, 180, '30.06')}
      <p className="hint">{words.hint}</p>
      <button type="submit" className="primary">
        {say.shell.save}
      </button>
    </form>
  );
}
