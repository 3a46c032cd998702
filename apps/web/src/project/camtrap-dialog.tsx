import { useEffect, useId, useRef, type FormEvent } from 'react';
import type { Project } from '@primatrix/review-api';
import { exportOf } from '../shell/api.ts';
import { say } from '../language/language.ts';

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
  const words = say.project.camtrap;
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
      <h2 id="camtrap">{words.title}</h2>
      <form className="asked" onSubmit={download}>
        <label>
          {words.zone}
          <input
            name="timeZone"
            list={zones}
            placeholder={words.unknown}
            autoComplete="off"
            spellCheck={false}
            pattern="(Z|UTC|[+\-]\d\d:?\d\d|[A-Za-z_]+(\/[A-Za-z0-9_+\-]+)*)"
            title={words.zoneForm}
          />
          <span className="hint">{words.zoneHint}</span>
        </label>
        <datalist id={zones}>
          {Intl.supportedValuesOf('timeZone').map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
        <label className="check">
          <input type="checkbox" name="localClock" /> {words.localClock}
        </label>
        <label>
          {words.projectTitle}
          <input name="title" defaultValue={project.name} maxLength={200} />
        </label>
        <label>
          {words.contributor}
          <input name="contributor" placeholder={words.notStated} maxLength={200} />
        </label>
        {filter !== '' && (
          <label className="check">
            <input type="checkbox" name="filtered" defaultChecked /> {words.filtered}
          </label>
        )}
        <p className="hint">{words.hint}</p>
        <div className="row">
          <button type="submit" className="primary">
            {words.download}
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            {say.shell.cancel}
          </button>
        </div>
      </form>
    </dialog>
  );
}
