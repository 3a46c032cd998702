import { useEffect, useState, type KeyboardEvent } from 'react';
import { Dialog } from '../shell/dialog.tsx';
import { changeKey, keyOf, keyTable, resetKeys, useKeys } from '../shell/keys.ts';
import { say } from '../language/language.ts';

/** All keys, and another one for those that can be changed. */
export function ShortcutList({ onClose }: { readonly onClose: () => void }) {
  const own = useKeys();
  const words = say.keys;
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
    <Dialog title={words.title} onClose={onClose}>
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
                      aria-label={words.change(words.does[row.key], keyOf(row.key))}
                      aria-pressed={changing === row.key}
                      onClick={() => setChanging(changing === row.key ? null : row.key)}
                    >
                      <kbd>{changing === row.key ? '…' : keyOf(row.key)}</kbd>
                    </button>
                  ) : (
                    <kbd>{capOf(row.key)}</kbd>
                  )}
                </dt>
                <dd>{words.does[row.key]}</dd>
              </div>
            ))}
          </dl>
          <p role="status" className="hint">
            {said !== '' ? said : changing !== null ? words.press : words.how}
          </p>
          <p className="hint">{words.inGrid}</p>
          <div className="row">
            <button type="button" autoFocus onClick={close}>
              {words.close}
            </button>
            {Object.keys(own).length > 0 && (
              <button type="button" onClick={resetKeys}>
                {words.usual}
              </button>
            )}
          </div>
        </div>
      )}
    </Dialog>
  );
}

/** What stands on a key that is no letter. */
function capOf(key: string): string {
  const { caps } = say.keys;
  return Object.hasOwn(caps, key) ? caps[key as keyof typeof caps] : key;
}
