import { useState } from 'react';
import type { Deployment, DeploymentChange } from '@primatrix/review-api';
import { undoAct, undoKey } from '../shell/decisions.ts';
import { Dialog } from '../shell/dialog.tsx';
import { tell } from '../shell/notice.tsx';
import { say } from '../language/language.ts';
import { ClockForm } from './clock-form.tsx';
import { deploymentsApi } from './deployments-api.ts';
import { NameForm } from './name-form.tsx';
import { PlaceForm } from './place-form.tsx';
import { TimesForm } from './times-form.tsx';
import { ZoneForm } from './zone-form.tsx';

interface DeploymentDialogProps {
  readonly deployment: Deployment;
  readonly deployments: readonly Deployment[];
  readonly onClose: () => void;
}

const parts = ['name', 'place', 'clock', 'zone', 'times'] as const;

/** What can be said of a deployment, a part at a time. */
export function DeploymentDialog({ deployment, deployments, onClose }: DeploymentDialogProps) {
  const [part, setPart] = useState<(typeof parts)[number]>('name');
  const [trouble, setTrouble] = useState('');
  const { site } = deployment;
  const words = say.deployments.dialog;
  return (
    <Dialog title={site === null ? words.without : words.site(site)} onClose={onClose}>
      {(close) => {
        const onChange = (change: DeploymentChange, says: string) =>
          void deploymentsApi.change(site, change).then(
            ({ act, changed, passed }) => {
              const rest = passed > 0 ? ` ${words.notChanged(passed)}` : '';
              tell({
                says: act === null ? words.nothing : `${words.done(says, changed)}${rest}`,
                key: undoKey,
                ...(act === null ? {} : { undo: () => undoAct(act) }),
              });
              close();
            },
            (error: Error) => setTrouble(error.message),
          );
        const given = { deployment, onChange };
        return (
          <div className="deployment">
            <div className="tabs" role="group" aria-label={words.whatToChange}>
              {parts.map((name) => (
                <button
                  key={name}
                  type="button"
                  aria-pressed={part === name}
                  onClick={() => {
                    setPart(name);
                    setTrouble('');
                  }}
                >
                  {words.parts[name]}
                </button>
              ))}
            </div>
            {part === 'name' && <NameForm {...given} deployments={deployments} />}
            {part === 'place' && <PlaceForm {...given} />}
            {part === 'clock' && <ClockForm {...given} />}
            {part === 'zone' && <ZoneForm {...given} />}
            {part === 'times' && <TimesForm {...given} />}
            {trouble !== '' && (
              <p className="trouble" role="alert">
                {trouble}
              </p>
            )}
            <div className="row">
              <button type="button" onClick={close}>
                {say.shell.close}
              </button>
            </div>
          </div>
        );
      }}
    </Dialog>
  );
}
