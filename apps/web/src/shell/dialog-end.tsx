import { say } from '../language/language.ts';

interface DialogEndProps {
  /** What the first button says, which sends the form. */
  readonly does: string;
  /** Why it did not work; empty: nothing is said. */
  readonly trouble: string;
  readonly disabled?: boolean;
  readonly onCancel: () => void;
}

/** The end of a form in a dialog: what went wrong, and its two buttons. */
export function DialogEnd({ does, trouble, disabled = false, onCancel }: DialogEndProps) {
  return (
    <>
      {trouble !== '' && (
        <p className="trouble" role="alert">
          {trouble}
        </p>
      )}
      <div className="row">
        <button type="submit" className="primary" disabled={disabled}>
          {does}
        </button>
        <button type="button" onClick={onCancel}>
          {say.shell.cancel}
        </button>
      </div>
    </>
  );
}
