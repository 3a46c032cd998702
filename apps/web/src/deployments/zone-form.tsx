import { useId, useState } from 'react';
import type { PartProps } from './part-props.ts';
import { say } from '../language/language.ts';

/** The zone that the camera's clock was set to. */
export function ZoneForm({ deployment, onChange }: PartProps) {
  const [zone, setZone] = useState(deployment.zone ?? '');
  const [localClock, setLocalClock] = useState(deployment.localClock);
  const zones = useId();
  const words = say.deployments.zones;
  return (
    <form
      className="asked"
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ does: 'zone', zone: zone.trim() === '' ? null : zone.trim(), localClock }, words.saved);
      }}
    >
      <label>
        {words.label}
        <input
          value={zone}
          list={zones}
          placeholder={words.unknown}
          maxLength={64}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setZone(event.target.value)}
        />
        <span className="hint">{words.example}</span>
      </label>
      <datalist id={zones}>
        {Intl.supportedValuesOf('timeZone').map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <label className="check">
        <input type="checkbox" checked={localClock} onChange={(event) => setLocalClock(event.target.checked)} />{' '}
        {words.localClock}
      </label>
      <button type="submit" className="primary">
        {say.shell.save}
      </button>
    </form>
  );
}
