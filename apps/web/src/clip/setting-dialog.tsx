import { useId, useState, type FormEvent } from 'react';
import type { ClipDetail, Project } from '@primatrix/review-api';
import { api } from '../shell/api.ts';
import { undoAct, undoKey } from '../shell/decisions.ts';
import { DialogEnd } from '../shell/dialog-end.tsx';
import { Dialog } from '../shell/dialog.tsx';
import { tell } from '../shell/notice.tsx';
import { baseName } from '../shell/words.ts';
import { say } from '../language/language.ts';

interface SettingDialogProps {
  readonly clip: ClipDetail;
  readonly project: Project;
  readonly onClose: () => void;
}

/** Asks where and when a clip was taken. */
export function SettingDialog({ clip, project, onClose }: SettingDialogProps) {
  const [trouble, setTrouble] = useState('');
  const sites = useId();
  const words = say.clip.setting;
  const before = { site: clip.site ?? '', time: clip.capturedAt?.slice(0, 19) ?? '' };
  const submit = (close: () => void) => (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [site, time] = ['site', 'time'].map((name) => String(form.get(name) ?? '').trim());
    // What stays as it was keeps its zone.
    api
      .set(clip.id, {
        ...(site === before.site ? {} : { site: site || null }),
        ...(time === before.time ? {} : { capturedAt: time || null }),
      })
      .then(
        () => {
          tell({
            says: say.shell.settingSaved(baseName(clip.filename)),
            key: undoKey,
            undo: () => undoAct(),
          });
          close();
        },
        (error: Error) => setTrouble(error.message),
      );
  };
  return (
    <Dialog title={words.title} onClose={onClose}>
      {(close) => (
        <form className="asked" onSubmit={submit(close)}>
          <label>
            {words.site}
            <input name="site" list={sites} maxLength={200} autoFocus autoComplete="off" defaultValue={before.site} />
          </label>
          <datalist id={sites}>
            {project.sites.map(({ site }) => (
              <option key={site} value={site} />
            ))}
          </datalist>
          <label>
            {words.time}
            <input name="time" type="datetime-local" step={1} defaultValue={before.time} />
            <span className="hint">{words.timeHint}</span>
          </label>
          <DialogEnd does={say.shell.save} trouble={trouble} onCancel={close} />
        </form>
      )}
    </Dialog>
  );
}
