import { useState } from 'react';
import type { Deployment, DeploymentChange } from '@primatrix/review-api';
import { undoAct, undoKey } from '../shell/decisions.ts';
import { Dialog } from '../shell/dialog.tsx';
import { tell } from '../shell/notice.tsx';
import { count } from '../shell/words.ts';
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

const parts = [
  ['name', 'Name'],
  ['place', 'Coordinates'],
  ['clock', 'Clock'],
  ['zone', 'Time zone'],
  ['times', 'Missing times'],
] as const;

/** What can be said of a deployment, a part at a time. */
export function DeploymentDialog({ deployment, deployments, onClose }: DeploymentDialogProps) {
  const [part, setPart] = useState<(typeof parts)[number][0]>('name');
  const [trouble, setTrouble] = useState('');
  const { site } = deployment;
  return (
    <Dialog title={site === null ? 'Clips without a site' : `Site ${site}`} onClose={onClose}>
      {(close) => {
        const onChange = (change: DeploymentChange, says: string) =>
          void deploymentsApi.change(site, change).then(
            ({ act, changed, passed }) => {
              const rest = passed > 0 ? ` ${count(passed, 'clip')} not changed.` : '';
              tell({
                says: act === null ? 'Nothing to change.' : `${says} for ${count(changed, 'clip')}.${rest}`,
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
            <div className="tabs" role="group" aria-label="What to change">
              {parts.map(([name, says]) => (
                <button
                  key={name}
                  type="button"
                  aria-pressed={part === name}
                  onClick={() => {
                    setPart(name);
                    setTrouble('');
                  }}
                >
                  {says}
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
                Close
              </button>
            </div>
          </div>
        );
      }}
    </Dialog>
  );
}
