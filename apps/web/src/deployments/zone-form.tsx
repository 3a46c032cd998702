import { useId, useState } from 'react';
import type { PartProps } from './part-props.ts';

/** The zone that the camera's clock was set to. */
export function ZoneForm({ deployment, onChange }: PartProps) {
  const [zone, setZone] = useState(deployment.zone ?? '');
  const [localClock, setLocalClock] = useState(deployment.localClock);
  const zones = useId();
  return (
    <form
      className="asked"
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ does: 'zone', zone: zone.trim() === '' ? null : zone.trim(), localClock }, 'Time zone saved');
      }}
    >
      <label>
        Time zone of the camera’s clock
        <input
          value={zone}
          list={zones}
          placeholder="not known"
          maxLength={64}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setZone(event.target.value)}
        />
        <span className="hint">For example +02:00 or Africa/Kinshasa.</span>
      </label>
      <datalist id={zones}>
        {Intl.supportedValuesOf('timeZone').map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <label className="check">
        <input type="checkbox" checked={localClock} onChange={(event) => setLocalClock(event.target.checked)} /> The
        camera writes local time where its files claim UTC (most MP4)
      </label>
      <button type="submit" className="primary">
        Save
      </button>
    </form>
  );
}
