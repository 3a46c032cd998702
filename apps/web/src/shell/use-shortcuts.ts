import { useEffect, useRef } from 'react';
import { usualKeyOf } from './keys.ts';

/** Elements that take letters or arrows for themselves. */
const typing = 'input:not([type=checkbox]), select, textarea';

/** Runs what a key stands for (actions by their usual keys, see keys.ts), wherever the focus is, but where one types, and while a dialog is open, where the focus may have got lost; buttons keep Enter and space. */
export function useShortcuts(actions: Readonly<Record<string, () => void>>): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const action = latest.current[usualKeyOf(event.key) ?? ''];
      const target = event.target as HTMLElement;
      if (
        action === undefined ||
        event.ctrlKey ||
        event.altKey ||
        event.metaKey ||
        event.defaultPrevented ||
        target.closest(typing) !== null ||
        document.querySelector('dialog[open]') !== null
      ) {
        return;
      }
      if (
        (event.key === ' ' || event.key === 'Enter') &&
        target.closest('button, a, summary, input, video, audio') !== null
      ) {
        return;
      }
      // Players and what scrolls keep their arrows.
      if (event.key.startsWith('Arrow') && target.closest('video, audio, .scroll, .card') !== null) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
