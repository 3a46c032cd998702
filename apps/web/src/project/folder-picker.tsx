import { useEffect, useState } from 'react';
import type { Places } from '@primatrix/review-api';
import { api } from '../shell/api.ts';
import { Dialog } from '../shell/dialog.tsx';
import { say } from '../language/language.ts';

interface FolderPickerProps {
  /** Where to begin; empty: the home folder. */
  readonly from: string;
  readonly onPick: (path: string) => void;
  readonly onClose: () => void;
}

/** Picks a folder of the machine that the gateway runs on: a browser's own dialog would tell no path. */
export function FolderPicker({ from, onPick, onClose }: FolderPickerProps) {
  const words = say.project.picker;
  const [path, setPath] = useState(from);
  const [places, setPlaces] = useState<Places | null>(null);
  const [trouble, setTrouble] = useState('');
  useEffect(() => {
    let left = false;
    api.places(path).then(
      (found) => {
        if (left) return;
        setPlaces(found);
        setTrouble('');
      },
      (error: Error) => !left && setTrouble(error.message),
    );
    return () => void (left = true);
  }, [path]);
  return (
    <Dialog title={words.title} onClose={onClose}>
      {(close) => (
        <div className="asked">
          <div className="row" role="group" aria-label={words.places}>
            {places?.roots.map((root) => (
              <button type="button" key={root.path} onClick={() => setPath(root.path)}>
                {root.name}
              </button>
            ))}
          </div>
          <p className="here" role="status">
            {places === null ? say.shell.loading : words.here(places.path, places.clips)}
          </p>
          {trouble !== '' && (
            <p className="trouble" role="alert">
              {trouble}
            </p>
          )}
          <ul className="folders" aria-label={words.folders}>
            {places !== null && places.parent !== null && (
              <li>
                <button type="button" onClick={() => setPath(places.parent ?? '')}>
                  {words.up}
                </button>
              </li>
            )}
            {places?.folders.map((folder) => (
              <li key={folder.path}>
                <button type="button" onClick={() => setPath(folder.path)}>
                  {folder.name}
                </button>
              </li>
            ))}
          </ul>
          <div className="row">
            <button
              type="button"
              className="primary"
              disabled={places === null}
              onClick={() => {
                onPick(places?.path ?? '');
                close();
              }}
            >
              {words.use}
            </button>
            <button type="button" onClick={close}>
              {say.shell.cancel}
            </button>
          </div>
          <p className="hint">{words.below}</p>
        </div>
      )}
    </Dialog>
  );
}
