import { useId, useState, type FormEvent } from 'react';
import type { Deciding } from '../shell/decisions.ts';
import { DialogEnd } from '../shell/dialog-end.tsx';
import { Dialog } from '../shell/dialog.tsx';
import { say } from '../language/language.ts';
import { speciesName, speciesNamed } from '../shell/words.ts';

interface SayDialogProps {
  readonly what: 'species' | 'note';
  /** The clips, in words. */
  readonly of: string;
  readonly species: readonly string[];
  /** The note that there is already. */
  readonly note?: string;
  readonly onSay: (input: Deciding) => void;
  readonly onClose: () => void;
}

/** Asks for species or a note, for one clip or many. */
export function SayDialog({ what, of, species, note = '', onSay, onClose }: SayDialogProps) {
  const [trouble, setTrouble] = useState('');
  const list = useId();
  const submit = (close: () => void) => (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const said = String(new FormData(event.currentTarget).get(what) ?? '').trim();
    if (what === 'note') onSay({ note: said });
    else {
      const names = said.split(',').map((name) => name.trim());
      const named = names.filter((name) => name !== '');
      if (named.length === 0) return setTrouble(say.grid.say.nameOne);
      onSay({ decision: 'corrected', species: named.map(speciesNamed) });
    }
    close();
  };
  return (
    <Dialog title={what === 'note' ? say.grid.say.noteFor(of) : say.grid.say.speciesIn(of)} onClose={onClose}>
      {(close) => (
        <form className="asked" onSubmit={submit(close)}>
          {what === 'note' ? (
            <label>
              {say.grid.say.note}
              <textarea name="note" rows={3} maxLength={2000} autoFocus defaultValue={note} />
              <span className="hint">{say.grid.say.emptyRemoves}</span>
            </label>
          ) : (
            <label>
              {say.grid.say.species}
              <input name="species" list={list} maxLength={500} autoFocus autoComplete="off" />
              <span className="hint">{say.grid.say.several}</span>
            </label>
          )}
          <datalist id={list}>
            {species.map((name) => (
              <option key={name} value={speciesName(name)} />
            ))}
          </datalist>
          <DialogEnd does={say.shell.save} trouble={trouble} onCancel={close} />
        </form>
      )}
    </Dialog>
  );
}
