import { useEffect, useState, type KeyboardEvent } from 'react';
import { Dialog } from '../shell/dialog.tsx';
import { changeKey, keyOf, keyTable, resetKeys, useKeys } from '../shell/keys.ts';

/** All keys, and another one for those that can be changed. */
export function ShortcutList({ onClose }: { readonly onClose: () => void }) {
  const own = useKeys();
  const [changing, setChanging] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  useEffect(() => setSaid(''), [changing]);
  const press = (event: KeyboardEvent) => {
    if (changing === null || ['Shift', 'Control', 'Alt', 'Meta', 'Tab'].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return setChanging(null);
    const fault = changeKey(changing, event.key);
    if (fault === null) setChanging(null);
    else setSaid(fault);
  };
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      {(close) => (
        <div onKeyDown={press}>
          <dl>
            {keyTable.map((row) => (
              <div key={row.key}>
                <dt>
                  {'own' in row ? (
                    <button
                      type="button"
                      className="key"
                      aria-label={`Change the key for: ${row.does}. Now ${keyOf(row.key)}`}
                      aria-pressed={changing === row.key}
                      onClick={() => setChanging(changing === row.key ? null : row.key)}
                    >
                      <kbd>{changing === row.key ? '…' : keyOf(row.key)}</kbd>
                    </button>
                  ) : (
                    <kbd>{row.key}</kbd>
                  )}
                </dt>
                <dd>{row.does}</dd>
              </div>
            ))}
          </dl>
          <p role="status" className="hint">
            {said !== ''
              ? said
              : changing !== null
                ? 'Press the new key, or Esc to keep the old one.'
                : 'Press a key’s button to change it, for this browser.'}
          </p>
          <p className="hint">
            In the grid, arrow keys, Page Up, Page Down, Home and End move, and Enter opens. X or Shift with an arrow
            key selects up to there, * selects all. The keys that decide do so for the selected clips, else for the one
            with the focus; Del removes what is selected.
          </p>
          <div className="row">
            <button type="button" autoFocus onClick={close}>
              Close
            </button>
            {Object.keys(own).length > 0 && (
              <button type="button" onClick={resetKeys}>
                Usual keys
              </button>
            )}
          </div>
        </div>
      )}
    </Dialog>
  );
}
