import { useEffect, useId, useRef, type FormEvent } from 'react';
import type { Project } from '@primatrix/review-api';
import { exportOf } from '../shell/api.ts';

interface CamtrapDialogProps {
  readonly project: Project;
  /** Of the grid; empty for all clips. */
  readonly filter: string;
  readonly onClose: () => void;
}

/** Asks for what only people know before a Camtrap DP package is made: above all the zone of the cameras' clocks. */
export function CamtrapDialog({ project, filter, onClose }: CamtrapDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const zones = useId();
  useEffect(() => dialog.current?.showModal(), []);

  function download(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const query = new URLSearchParams(form.get('filtered') === 'on' ? filter : '');
    for (const name of ['timeZone', 'contributor', 'title']) {
      const value = String(form.get(name) ?? '').trim();
      if (value !== '') query.set(name, value);
    }
    if (form.get('localClock') === 'on') query.set('localClock', 'true');
    const link = document.createElement('a');
    link.href = exportOf('camtrap-dp.zip', query.toString());
    link.download = 'camtrap-dp.zip';
    link.click();
    dialog.current?.close();
  }

  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="camtrap">
      <h2 id="camtrap">Camtrap DP package</h2>
      <form className="asked" onSubmit={download}>
        <label>
          Time zone of the cameras' clocks
          <input
            name="timeZone"
            list={zones}
            placeholder="not known"
            autoComplete="off"
            spellCheck={false}
            pattern="(Z|UTC|[+\-]\d\d:?\d\d|[A-Za-z_]+(\/[A-Za-z0-9_+\-]+)*)"
            title="an offset as +02:00, or a name as Africa/Kinshasa"
          />
          <span className="hint">
            For example +02:00 or Africa/Kinshasa. Without it times are written as if UTC, and the package says so.
          </span>
        </label>
        <datalist id={zones}>
          {Intl.supportedValuesOf('timeZone').map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
        <label className="check">
          <input type="checkbox" name="localClock" /> The cameras write local time where their files claim UTC (most
          MP4)
        </label>
        <label>
          Title of the project
          <input name="title" defaultValue={project.name} maxLength={200} />
        </label>
        <label>
          Who is to be named for the data
          <input name="contributor" placeholder="not stated" maxLength={200} />
        </label>
        {filter !== '' && (
          <label className="check">
            <input type="checkbox" name="filtered" defaultChecked /> Filtered clips only
          </label>
        )}
        <p className="hint">
          Sites, times and coordinates are those that the project knows. What people decided stands as human
          observations, the rest as the ensemble's.
        </p>
        <div className="row">
          <button type="submit" className="primary">
            Download
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  );
}
