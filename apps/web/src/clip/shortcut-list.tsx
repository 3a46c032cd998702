import { useEffect, useRef } from 'react';

const keys = [
  ['a', 'accept the most probable species'],
  ['e', 'take what reviewed clips suggest'],
  ['1 … 9', 'select a species; several may be selected'],
  ['/', 'name another species'],
  ['d', 'count, life stage, sex, behaviour, times'],
  ['Enter', 'save what is selected, else accept'],
  ['b', 'blank'],
  ['u', 'unsure'],
  ['t', 'write a note'],
  ['s', 'set site and capture time'],
  ['z', 'undo your last decision, wherever you are'],
  ['n, p', 'next, previous clip'],
  ['space', 'play or pause'],
  ['← →', 'a second back or forward'],
  ['j', 'jump to the next detection'],
  ['o', 'show or hide the boxes of detections'],
  ['r', 'retry: analyse the clip again, once its file was replaced'],
  ['Del', 'remove the clip from the project'],
  ['g, Esc', 'back to all clips'],
  ['?', 'this list'],
] as const;

/** All keys of the clip page. */
export function ShortcutList({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="shortcuts">
      <h2 id="shortcuts">Keyboard</h2>
      <dl>
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p className="hint">
        In the grid, arrow keys, Page Up, Page Down, Home and End move, and Enter opens. x selects, X or Shift with an
        arrow key selects up to there, * selects all. a, b, u, / and t decide the selected clips, else the one with the
        focus; Del removes what is selected.
      </p>
      <button type="button" autoFocus onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  );
}
