import { useId, useState, type ReactNode } from 'react';
import { FolderPicker } from './folder-picker.tsx';
import { say } from '../language/language.ts';

interface FolderFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (path: string) => void;
  readonly required: boolean;
  /** What is done with it. */
  readonly children?: ReactNode;
}

/** A folder of the gateway's machine: typed, pasted or picked. */
export function FolderField({ label, value, onChange, required, children }: FolderFieldProps) {
  const [picking, setPicking] = useState(false);
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <div className="row">
        <input
          id={id}
          value={value}
          required={required}
          placeholder="/media/card/DCIM"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
        />
        <button type="button" onClick={() => setPicking(true)}>
          {say.project.picker.browse}
        </button>
        {children}
      </div>
      {picking && <FolderPicker from={value} onPick={onChange} onClose={() => setPicking(false)} />}
    </>
  );
}
